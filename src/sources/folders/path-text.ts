import { isUtf8 } from 'node:buffer';
import type { ReportedPath } from '../../report/line.ts';
import { printable } from '../../report/text.ts';
import { isEscape, type Path, toBuffer } from './path.ts';

/** Printable ASCII without backslash. */
const PLAIN = /^[\x20-\x5b\x5d-\x7e]*$/;
const named: Readonly<Record<number, string>> = { 9: '\\t', 10: '\\n', 13: '\\r', 92: '\\\\' };

/** A slash or a dot that is part of a name, as hostile file systems have them, stands as an escaped byte. */
const MISLEADING = /[\udc2e\udc2f]/;

/** The path as a report has it: `text` loses bytes that aren't UTF-8; then `raw` has all of them, in base64. */
export function toReportedPath(path: Path): ReportedPath {
  if (PLAIN.test(path)) return { text: path };
  const bytes = toBuffer(path);
  // As bytes the name `../x` would lead out of its folder: whoever takes the text must not be misled.
  if (MISLEADING.test(path)) return { text: displayText(path), raw: bytes.toString('base64') };
  const text = bytes.toString();
  return isUtf8(bytes) ? { text } : { text, raw: bytes.toString('base64') };
}

/** The path for people: nothing in it acts on a terminal, and different paths look different. */
export function displayText(path: Path): string {
  if (PLAIN.test(path)) return path;
  let shown = '';
  for (const character of path) {
    const code = character.codePointAt(0)!;
    shown += isEscape(code) ? showByte(code & 0xff) : printable(character);
  }
  return shown;
}

function showByte(byte: number): string {
  return named[byte] ?? `\\x${byte.toString(16).padStart(2, '0')}`;
}
