import { Broken, OverBudget } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';
import { decodeBzip2 } from './bzip2.ts';
import { ContinuedSource } from './continued-source.ts';
import type { Decoded, Decoder } from './decoder.ts';
import { decodeLzma } from './lzma.ts';
import { drain, type Packed, type Pieces } from './pieces.ts';
import { decodeXz } from './xz.ts';
import { decodeZstdFrame } from './zstd.ts';

/** Opens the stream that stands there. `size`: bytes of output, where the container knows them. */
type Open = (packed: Packed, size: number | null) => Pieces<Decoded>;

/** Makes a decoder of a way to open streams. */
function decoderOf(open: Open): Decoder {
  return {
    decode(reader, start, end, sink, size) {
      let produced = 0;
      const decoded = drain(open({ reader, start, end }, size ?? null), (piece) => {
        produced += piece.length;
        return sink(piece);
      });
      return decoded ?? { consumed: 0, produced };
    },
    reopen: (reader, start, end, size) => new ContinuedSource(size, () => open({ reader, start, end }, size)),
  };
}

export const bzip2: Decoder = decoderOf((packed) => decodeBzip2(packed));
export const xz: Decoder = decoderOf((packed) => decodeXz(packed));
export const zstd: Decoder = decoderOf((packed) => decodeZstdFrame(packed));
export const lzmaOfZip: Decoder = decoderOf(openLzmaOfZip);

/** APPNOTE §5.8.8: version, length of the properties, properties as in the LZMA SDK, stream. */
function* openLzmaOfZip({ reader, start, end }: Packed, size: number | null): Pieces<Decoded> {
  const length = reader.u16le(start + 2, 'length of LZMA properties');
  if (length !== 5) throw new Broken(start + 2, 'length of LZMA properties', 5, length);
  if (size === null) throw new OverBudget('LZMA of a length that is not known', 0);
  const stream = { reader, start: start + 9, end };
  const { consumed, produced } = yield* decodeLzma(stream, { ...readProperties(reader, start + 4), size });
  return { consumed: consumed + 9, produced };
}

function readProperties(reader: Reader, at: number): { properties: number; dictionary: number } {
  return {
    properties: reader.u8(at, 'LZMA properties'),
    dictionary: reader.u32le(at + 1, 'LZMA dictionary'),
  };
}
