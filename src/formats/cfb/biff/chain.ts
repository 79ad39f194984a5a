import { Broken } from '../../../bytes/errors.ts';
import type { Range } from '../../../bytes/range.ts';
import type { Reader } from '../../../bytes/reader.ts';
import type { Ledger } from '../../../ledger/ledger.ts';
import { readFilePass, type Seal } from './file-pass.ts';
import { type BiffRecord, bofTypes, findRecords, readRecord, record } from './records.ts';

/** What the records of a workbook are put together to. */
export interface Workbook {
  /** Where the records end. */
  readonly end: number;
  /** Data of the shared strings and of the drawings, each with the records that continue it. */
  readonly strings: readonly Range[][];
  readonly drawings: readonly Range[][];
  readonly themes: readonly Range[][];
  /** From FILEPASS on. */
  readonly seal: Seal | null;
}

/**
 * Walks the records of a workbook to its end: substreams from BOF to EOF, which embedded charts nest (MS-XLS §2.1.7).
 * Where a record can't be one, that's noted, and the walk goes on where records do.
 */
export function walkRecords(reader: Reader, ledger: Ledger): Workbook {
  const walk = new Walk(reader);
  let at = 0;
  let isWhole = true;
  while (at + 4 <= reader.size && !isEnd(reader, at, walk.depth)) {
    reader.meter.step();
    try {
      const one = readRecord(reader, at, reader.size);
      walk.take(one);
      at = one.end;
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      isWhole = false;
      at = findRecords(reader, at + 1);
      ledger.broken(error, at);
      walk.interrupt();
    }
  }
  if (walk.depth > 0 && isWhole) ledger.broken(new Broken(at, 'EOF record', 'one for each BOF', 'none'));
  const { strings, drawings, themes, seal } = walk;
  return { end: Math.min(at, reader.size), strings, drawings, themes, seal };
}

/** Behind the last EOF, streams are filled up with zeros or what stood there. */
function isEnd(reader: Reader, at: number, depth: number): boolean {
  return depth === 0 && at > 0 && !bofTypes.has(reader.u16le(at));
}

class Walk {
  depth = 0;
  seal: Seal | null = null;
  readonly strings: Range[][] = [];
  readonly drawings: Range[][] = [];
  readonly themes: Range[][] = [];
  readonly #reader: Reader;
  /** What a CONTINUE record goes on with. */
  #open: Range[] | null = null;

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  take(one: BiffRecord): void {
    if (one.start === 0 && !bofTypes.has(one.type))
      throw new Broken(0, 'first record', 'BOF', `0x${one.type.toString(16)}`);
    if (bofTypes.has(one.type)) this.depth++;
    else if (one.type === record.eof) this.depth--;
    else if (one.type === record.filePass) this.seal ??= readFilePass(this.#reader, one);
    if (this.seal === null) this.#collect(one);
  }

  /** What is open does not go on behind a gap. */
  interrupt(): void {
    this.#open = null;
  }

  #collect({ type, data, end }: BiffRecord): void {
    if (type === record.continued) this.#open?.push({ start: data, end });
    // Records of 2007 and later begin with their type again, in 12 bytes; a theme's version follows in 4.
    else if (type === record.continuedNew) this.#open?.push({ start: Math.min(data + 12, end), end });
    else if (type === record.theme) this.#begin(this.themes, { start: Math.min(data + 16, end), end });
    else if (type === record.sst) this.#begin(this.strings, { start: data, end });
    else if (type === record.drawingGroup) this.#goOn({ start: data, end });
    else this.#open = null;
  }

  #begin(list: Range[][], first: Range): void {
    this.#open = [first];
    list.push(this.#open);
  }

  /** A drawing group that is too long for a record goes on in more of its own type, too (MS-XLS §2.4.171). */
  #goOn(range: Range): void {
    if (this.#open !== null && this.#open === this.drawings.at(-1)) this.#open.push(range);
    else this.#begin(this.drawings, range);
  }
}
