import { Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';

/** Where the bytes of a stream lie (ISO 32000-1 §7.3.8). */
export interface StreamExtent {
  readonly start: number;
  /** Behind the data, before the end-of-line that precedes `endstream`. */
  readonly end: number;
  /** Offset of `endstream`, or where it should stand. */
  readonly keywordAt: number;
  /** /Length doesn't lead to `endstream`: the end was searched for. */
  readonly isGuessed: boolean;
  readonly oddities: readonly string[];
}

const ENDSTREAM = 'endstream';

/**
 * Finds the data after the keyword `stream`, which ends at `at`.
 * @param length what /Length says, in bytes; null where it isn't known
 * @param searchEnd how far `endstream` is looked for where /Length doesn't lead to it
 * @throws Truncated where the file ends before `endstream`
 */
export function locateData(
  reader: Reader,
  at: number,
  length: number | null,
  searchEnd = reader.size,
): StreamExtent {
  const { start, oddities } = skipLineEnd(reader, at);
  if (length !== null && start + length <= reader.size) {
    const keywordAt = skipSpacing(reader, start + length);
    if (reader.has(keywordAt, ENDSTREAM))
      return { start, end: start + length, keywordAt, isGuessed: false, oddities };
    if (reader.has(keywordAt, 'endobj')) {
      return {
        start,
        end: start + length,
        keywordAt,
        isGuessed: false,
        oddities: [...oddities, 'endstream missing'],
      };
    }
  }
  const found = reader.indexOf(ENDSTREAM, start, searchEnd);
  if (found < 0) throw new Truncated(reader.size, ENDSTREAM, ENDSTREAM.length);
  const what = length === null ? 'stream without known /Length' : 'wrong /Length';
  return {
    start,
    end: trimLineEnd(reader, start, found),
    keywordAt: found,
    isGuessed: true,
    oddities: [...oddities, what],
  };
}

/** LF or CR LF (§7.3.8.1); CR alone, blanks before it, or nothing at all are met. */
function skipLineEnd(reader: Reader, at: number): { start: number; oddities: string[] } {
  let start = at;
  while (reader.has(start, ' ') || reader.has(start, '\t')) start++;
  const oddities = start > at ? ['blanks after stream'] : [];
  if (reader.has(start, '\r\n')) return { start: start + 2, oddities };
  if (reader.has(start, '\n')) return { start: start + 1, oddities };
  if (reader.has(start, '\r')) return { start: start + 1, oddities: [...oddities, 'CR alone after stream'] };
  return { start: at, oddities: ['no end-of-line after stream'] };
}

/** Past the end-of-line before `endstream`; some writers put more white space. */
function skipSpacing(reader: Reader, from: number): number {
  let at = from;
  while (at < reader.size && at - from < 16 && isSpace(reader.u8(at))) at++;
  return at;
}

function trimLineEnd(reader: Reader, start: number, end: number): number {
  if (end - start >= 2 && reader.has(end - 2, '\r\n')) return end - 2;
  if (end > start && (reader.has(end - 1, '\n') || reader.has(end - 1, '\r'))) return end - 1;
  return end;
}

function isSpace(code: number): boolean {
  return code === 0x0a || code === 0x0d || code === 0x20 || code === 0x09;
}
