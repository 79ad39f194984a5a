import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import { CENTRAL, type Header, readCentralHeader } from '../../formats/zip/layout.ts';
import { nameAt } from '../../formats/zip/names.ts';

const END = 'PK\x05\x06';
const END_LENGTH = 22;
/** With the longest comment. */
const LONGEST_END = END_LENGTH + 65_535;
/** Headers that are remembered. */
const MOST = 200_000;

/**
 * What is left of the directories of a file, be it that of the archive itself or one of an archive stored in it: both have
 * entries of the same names, and only the offsets tell whose an entry is.
 */
export class ZipDirectory {
  readonly #offsets = new Map<string, number[]>();
  /** Where the archive itself begins, in bytes: 0 unless something stands before it. */
  #base = 0;
  /** Whether the directory is whole: what it doesn't list isn't the archive's own. */
  readonly #isWhole: boolean;

  /** Reads all headers of directories that the file has. @throws OverBudget, ReadError */
  constructor(reader: Reader) {
    let count = 0;
    for (let at = 0; count < MOST; at++) {
      reader.meter.step();
      at = reader.indexOf(CENTRAL, at, reader.size);
      if (at < 0) break;
      if (this.#add(reader, at)) count++;
    }
    this.#isWhole = count > 0 && count >= (statedEntries(reader) ?? Number.POSITIVE_INFINITY);
  }

  /** Learns from the entries that were found where the archive begins: where most entries fit. */
  settle(
    entries: Iterable<{ readonly name: string; readonly header: Header; readonly start: number }>,
  ): void {
    const votes = new Map<number, number>();
    for (const { name, header, start } of entries) {
      for (const base of this.#basesOf(name, header, start)) votes.set(base, (votes.get(base) ?? 0) + 1);
    }
    const [best] = [...votes].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
    if (best !== undefined && (votes.get(0) ?? 0) === 0) this.#base = best[0];
  }

  /** The path under which the entry is kept: apart from others where it isn't the archive's own, as far as can be told. */
  pathOf(name: string, header: Header, start: number): string {
    const bases = this.#basesOf(name, header, start);
    if (bases.includes(this.#base)) return name;
    if (bases.length > 0) return `archive at ${bases[0]}/${name}`;
    return this.#isWhole ? `unlisted, at ${start}/${name}` : name;
  }

  #basesOf(name: string, header: Header, start: number): number[] {
    const offsets = this.#offsets.get(keyOf(name, header)) ?? [];
    return offsets.map((offset) => start - offset).filter((base) => base >= 0);
  }

  #add(reader: Reader, at: number): boolean {
    try {
      const header = readCentralHeader(reader, at);
      const key = keyOf(nameAt(reader, header.name), header);
      this.#offsets.set(key, [...(this.#offsets.get(key) ?? []).slice(0, 16), header.localAt]);
      return true;
    } catch (error) {
      if (error instanceof Broken) return false;
      throw error;
    }
  }
}

/** Entries that the end record of the file counts; null where it's lost (APPNOTE §4.3.16). */
function statedEntries(reader: Reader): number | null {
  for (let at = reader.size - END_LENGTH; at >= Math.max(0, reader.size - LONGEST_END); at--) {
    if (reader.has(at, END)) return reader.u16le(at + 10);
  }
  return null;
}

function keyOf(name: string, { sum, size }: Header): string {
  return `${sum}:${size}:${name}`;
}
