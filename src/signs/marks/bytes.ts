import type { Reader } from '../../bytes/reader.ts';
import type { ByteMark, Family, Mark } from './family.ts';

/** Shorter marks stand somewhere by chance, or in honest files. */
const LEAST_STRONG = 6;

interface Ready extends ByteMark {
  readonly family: string;
  readonly bytes: Buffer;
}

/** Marks at both ends of files. */
export class ByteMarks {
  readonly #headers: readonly Ready[];
  readonly #trailers: readonly Ready[];

  constructor(families: readonly Family[]) {
    this.#headers = families.flatMap(({ name, headers }) => headers.map((mark) => ready(name, mark)));
    this.#trailers = families.flatMap(({ name, trailers }) => trailers.map((mark) => ready(name, mark)));
  }

  /** @throws OverBudget, ReadError */
  find(reader: Reader): Mark[] {
    const { size } = reader;
    const headers = this.#headers.map((mark) => ({
      mark,
      kind: 'header' as const,
      at: headerAt(reader, mark),
    }));
    const trailers = this.#trailers.map((mark) => ({
      mark,
      kind: 'trailer' as const,
      at: trailerAt(reader, mark, size),
    }));
    return [...headers, ...trailers]
      .filter(({ at }) => at >= 0)
      .map(({ mark, kind, at }) => asMark(mark, kind, at));
  }
}

function ready(family: string, mark: ByteMark): Ready {
  return { ...mark, family, bytes: Buffer.from(mark.hex, 'hex') };
}

function headerAt(reader: Reader, { bytes, at, within = 0 }: Ready): number {
  if (at !== undefined) return reader.has(at, bytes) ? at : -1;
  return reader.indexOf(bytes, 0, Math.min(reader.size, within));
}

function trailerAt(reader: Reader, { bytes, fromEnd, within = 0 }: Ready, size: number): number {
  if (fromEnd !== undefined)
    return size >= fromEnd && reader.has(size - fromEnd, bytes) ? size - fromEnd : -1;
  return reader.indexOf(bytes, Math.max(0, size - within), size);
}

function asMark(
  { family, bytes, ascii, hex, note, within }: Ready,
  kind: 'header' | 'trailer',
  at: number,
): Mark {
  const isFixed = within === undefined;
  const isRare = new Set(bytes).size >= 4;
  const strong = bytes.length >= (isFixed ? LEAST_STRONG : 8) && isRare && note?.includes('genuine') !== true;
  return { kind, families: [family], text: ascii ?? hex, at, strong };
}
