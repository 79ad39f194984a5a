import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format, KnownFormat } from '../format.ts';
import { accountTail } from '../tail.ts';

/** How the chunks of a format begin, and where they stand. */
interface ChunkedModel extends KnownFormat {
  /** Bytes before the first chunk, which were checked by `begin`. */
  readonly header: number;
  /** Bytes of a chunk before its content. */
  readonly head: number;
  /** Where in a head the length of the content stands, in bytes. */
  readonly lengthAt: number;
  /** The chunk that ends the file; null where they fill it. */
  readonly last: string | null;
  /** @throws Broken where the file doesn't begin as it must */
  begin(reader: Reader): void;
}

const kinds: readonly ChunkedModel[] = [
  {
    id: 'blitz3d',
    title: 'Blitz3D model',
    extensions: ['b3d'],
    signatures: [{ at: 0, hex: '42423344' }],
    spec: 'Blitz3D, B3D file format specification',
    header: 12,
    head: 8,
    lengthAt: 4,
    last: null,
    begin(reader) {
      const length = reader.u32le(4, 'length of the file');
      if (length + 8 !== reader.size) throw new Broken(4, 'length of the file', reader.size - 8, length);
    },
  },
  {
    id: 'silo',
    title: 'Nevercenter Silo model',
    extensions: ['sib'],
    signatures: [{ at: 0, hex: '4845414404000000' }],
    spec: 'Assimp source, SIBImporter.cpp',
    header: 0,
    head: 8,
    lengthAt: 4,
    last: null,
    begin() {},
  },
  {
    id: 'truespace',
    title: 'Caligari trueSpace, binary',
    extensions: [],
    signatures: [{ at: 0, hex: '43616c6967617269205630302e303142' }],
    spec: 'Caligari, COB format',
    header: 32,
    head: 20,
    lengthAt: 16,
    last: 'END ',
    begin(reader) {
      if (!/^Caligari V00\.\d\dB[LH]H {13}\n$/.test(reader.latin1(0, 32, 'header')))
        throw new Broken(0, 'header', 'a version and the order of bytes', 'others');
    },
  },
];

/** 3D models of chunks that have a type and a length each. */
export const chunkedModels: readonly Format[] = kinds.map((kind) => ({
  id: kind.id,
  title: kind.title,
  extensions: kind.extensions,
  signatures: kind.signatures,
  spec: kind.spec,
  proof: 'chunks follow each other exactly, by their lengths; coordinates and names by contrast',
  texture: 'plain',
  verify(reader: Reader, ledger: Ledger): void {
    kind.begin(reader);
    ledger.account(0, kind.header, 'structure', 'header', 8);
    accountTail(reader, ledger, walkChunks(reader, ledger, kind));
  },
}));

function walkChunks(reader: Reader, ledger: Ledger, { header, head, lengthAt, last }: ChunkedModel): number {
  const isBig = last !== null && reader.u8(16) === 0x48;
  for (let at = header; at < reader.size; ) {
    reader.meter.step();
    const type = reader.latin1(at, 4, 'chunk');
    if (!/^[A-Za-z][A-Za-z0-9 ]{3}$/.test(type))
      throw new Broken(at, 'type of a chunk', 'four letters', type);
    const length = isBig ? reader.u32be(at + lengthAt, 'chunk') : reader.u32le(at + lengthAt, 'chunk');
    const [body, end] = [at + head, at + head + length];
    if (type === last) {
      ledger.account(at, body, 'structure', 'heads of chunks', 16);
      return body;
    }
    if (end > reader.size) throw new Truncated(reader.size, `chunk ${type}`, end - reader.size);
    ledger.account(at, body, 'structure', 'heads of chunks', 16);
    ledger.raw(body, end, 'contents of chunks');
    at = end;
  }
  if (last !== null) throw new Truncated(reader.size, `chunk ${last}`, head);
  return reader.size;
}
