import { Broken } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import { BufferSource } from '../../bytes/source.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context, Format } from '../format.ts';
import { examineMember } from '../member.ts';
import { accountTail } from '../tail.ts';
import { type Chunk, parseChunk } from './chunks.ts';

const SIGNATURE = 8;
const PNG_SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');
/** The most bytes of one image that are put together in memory. */
const MOST_IMAGE = 32 << 20;

/** The siblings of PNG: chunks with CRC-32, which hold whole images of PNG's and JPEG's kind. */
export const networkGraphics: readonly Format[] = [
  graphics(
    'mng',
    'Multiple-image Network Graphics',
    '8a4d4e470d0a1a0a',
    'MEND',
    'MNG 1.0 specification, section 3',
  ),
  graphics('jng', 'JPEG Network Graphics', '8b4a4e470d0a1a0a', 'IEND', 'JNG 1.0 specification, section 2'),
];

function graphics(id: string, title: string, hex: string, last: string, spec: string): Format {
  return {
    id,
    title,
    extensions: [id],
    signatures: [{ at: 0, hex }],
    spec,
    proof: 'CRC-32 of every chunk; the images in them by their own formats',
    texture: 'packed',
    verify(reader, ledger, context): void {
      reader.expect(0, Buffer.from(hex, 'hex'), 'signature');
      ledger.account(0, SIGNATURE, 'structure', 'signature');
      const images = new Images(reader, ledger, context);
      let at = SIGNATURE;
      for (;;) {
        reader.meter.step();
        const chunk = parseChunk(reader, at);
        at = chunk.end;
        if (chunk.isIntact) {
          ledger.account(chunk.start, at, 'checksum', `${chunk.type} CRC-32`);
          images.take(chunk);
        } else {
          const stored = reader.u32be(at - 4);
          ledger.broken(new Broken(chunk.start, `CRC of ${chunk.type}`, stored, chunk.sum), at);
        }
        if (chunk.type === last) break;
      }
      accountTail(reader, ledger, at);
    },
  };
}

/** Puts together what belongs to one image: PNG from IHDR to IEND, JPEG data of JDAT and JDAA. */
class Images {
  readonly #reader: Reader;
  readonly #ledger: Ledger;
  readonly #context: Context;
  #start = -1;
  #jpeg: Range[] = [];
  #alpha: Range[] = [];

  constructor(reader: Reader, ledger: Ledger, context: Context) {
    this.#reader = reader;
    this.#ledger = ledger;
    this.#context = context;
  }

  take({ type, start, end, data }: Chunk): void {
    if (type === 'IHDR') this.#start = start;
    else if (type === 'JDAT') this.#jpeg.push(data);
    else if (type === 'JDAA') this.#alpha.push(data);
    else if (type === 'IEND') this.#finish(end);
  }

  #finish(end: number): void {
    if (this.#start >= 0) this.#examine('frame.png', [{ start: this.#start, end }], PNG_SIGNATURE);
    this.#examine('image.jpg', this.#jpeg);
    this.#examine('alpha.jpg', this.#alpha);
    this.#start = -1;
    this.#jpeg = [];
    this.#alpha = [];
  }

  #examine(name: string, pieces: readonly Range[], before: Buffer = Buffer.alloc(0)): void {
    const [first] = pieces;
    if (first === undefined) return;
    const range = { start: first.start, end: pieces.at(-1)!.end };
    if (range.end - range.start > MOST_IMAGE) {
      this.#ledger.unexamined(range.start, range.end, `${name} of more than 32 MiB`);
      return;
    }
    const parts = pieces.map(({ start, end }) => this.#reader.whole(start, end));
    examineMember(
      this.#context,
      this.#ledger,
      name,
      new BufferSource(Buffer.concat([before, ...parts])),
      range,
    );
  }
}
