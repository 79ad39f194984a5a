import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import { BufferSource, SliceSource } from '../../bytes/source.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context } from '../format.ts';
import { isHex } from './walk.ts';

/** Control words that say of which kind a picture is (RTF 1.9.1, Pictures). */
const extensions: ReadonlyMap<string, string> = new Map([
  ['pngblip', 'png'],
  ['jpegblip', 'jpg'],
  ['emfblip', 'emf'],
  ['wmetafile', 'wmf'],
]);

const MOST_HELD = 32 << 20;
/** Data of unknown kind tells something from so many bytes on. */
const SHORTEST_MEMBER = 512;
/** An embedded OLE object is a compound file behind a short header (MS-OLEDS §2.2.5). */
const COMPOUND_FILE = Buffer.from('d0cf11e0a1b11ae1', 'hex');

interface Group {
  /** `hex`: a picture's or object's data; `text`: anything else. */
  kind: 'text' | 'hex';
  extension: string;
  start: number;
  digits: number[];
  length: number;
}

/** Gathers the data of pictures and objects, and has them examined as files of their own. */
export class Pictures {
  /** Ranges of \bin data that the syntax doesn't prove. */
  readonly left: { start: number; end: number }[] = [];
  readonly #reader: Reader;
  readonly #ledger: Ledger;
  readonly #context: Context;
  readonly #groups: Group[] = [];
  #count = 0;

  constructor(reader: Reader, ledger: Ledger, context: Context) {
    this.#reader = reader;
    this.#ledger = ledger;
    this.#context = context;
  }

  open(): void {
    this.#groups.push({ kind: 'text', extension: '', start: 0, digits: [], length: 0 });
  }

  close(at: number): void {
    const group = this.#groups.pop();
    if (group !== undefined && group.length > 0) this.#examineHex(group, at);
  }

  /** Gives where reading goes on: behind the data of \bin. */
  word(word: string, value: number | null, at: number, next: number): number {
    const group = this.#groups.at(-1);
    if (group === undefined) return next;
    if (word === 'pict' || word === 'objdata') group.kind = 'hex';
    group.extension = extensions.get(word) ?? group.extension;
    if (word !== 'bin' || value === null || value <= 0) return next;
    if (next + value > this.#reader.size)
      throw new Broken(at, 'length of \\bin', 'data inside the file', value);
    this.#examineBinary(group, next, next + value);
    return next + value;
  }

  text(code: number, at: number): void {
    const group = this.#groups.at(-1);
    if (group?.kind !== 'hex' || code <= 0x20) return;
    if (!isHex(code))
      throw new Broken(at, 'data of a picture or object', 'a hexadecimal digit', `byte ${code}`);
    if (group.length === 0) group.start = at;
    if (group.length < MOST_HELD) group.digits.push(code);
    group.length++;
  }

  #examineHex({ digits, length, extension, start }: Group, end: number): void {
    if (length > digits.length) {
      this.#ledger.unexamined(start, end, 'picture or object in RTF of more than 16 MiB');
      return;
    }
    const decoded = Buffer.from(Buffer.from(digits).toString('latin1'), 'hex');
    const compound = decoded.indexOf(COMPOUND_FILE);
    const data = extension === '' && compound >= 0 ? decoded.subarray(compound) : decoded;
    if (extension === '' && data.length < SHORTEST_MEMBER) return;
    this.#context.examine(this.#name(extension), new BufferSource(data), { start, end });
  }

  #examineBinary({ extension }: Group, start: number, end: number): void {
    this.left.push({ start, end });
    const source = new SliceSource(this.#reader.source, start, end);
    const { ledger } = this.#context.examine(this.#name(extension), source, { start, end });
    this.#ledger.adopt(ledger, start);
  }

  #name(extension: string): string {
    this.#count++;
    return extension === '' ? `object ${this.#count}` : `picture ${this.#count}.${extension}`;
  }
}
