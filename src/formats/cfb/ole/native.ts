import type { Part } from '../part.ts';
import { accountRest } from '../rest.ts';
import { examineWithin } from '../unknown.ts';

const PACKAGE = 2;
const LONGEST_NAME = 260;

/** \1Ole10Native: the data of an embedded object; a package holds a file with its names (MS-OLEDS §2.3.6). */
export function verifyNative(part: Part): void {
  const file = findFile(part);
  if (file !== null) examineWithin(part, file.start, file.end, file.name);
  accountRest(part);
}

interface PackedFile {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** Label and path, two words, the path of the temporary file with its length, then the file with its own. */
function findFile({ stream: { reader, size } }: Part): PackedFile | null {
  if (size < 16 || reader.u16le(4) !== PACKAGE) return null;
  const nameEnd = endOfText(6);
  const pathEnd = nameEnd === null ? null : endOfText(nameEnd);
  if (nameEnd === null || pathEnd === null || pathEnd + 8 > size) return null;
  const at = pathEnd + 8 + reader.u32le(pathEnd + 4);
  if (at + 4 > size) return null;
  const start = at + 4;
  const end = start + reader.u32le(at);
  return end <= size ? { name: reader.latin1(6, nameEnd - 7), start, end } : null;

  function endOfText(from: number): number | null {
    const found = reader.indexOf('\0', from, Math.min(size, from + LONGEST_NAME));
    return found < 0 ? null : found + 1;
  }
}
