import { createHash } from 'node:crypto';
import { isEscape, type Path } from '../sources/folders/path.ts';

/** Bytes that a name may have: file systems allow 255, and a mark that keeps equal names apart must fit, too. */
const LONGEST_NAME = 200;
/** Bytes and segments of a path; longer ones don't keep their folders. */
const LONGEST_PATH = 1500;
const MOST_SEGMENTS = 64;
/** Hexadecimal digits of a digest: enough to tell names apart. */
const MARK = 12;

/**
 * What Windows forbids, what a terminal acts on, what misleads the eye; `%` where it could be taken for ours; dots, blanks
 * and `-` where they have a meaning of their own.
 */
const hostile =
  /["*/:<>?\\|\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffd]|%(?=[0-9A-Fa-f]{2})|^[ ~-]|^\.+$|[ .]+$/gu;
/** Names that Windows keeps for devices, whatever the extension. */
const device = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=$|\.)/i;

/**
 * A relative path under which bytes named by evidence may be written anywhere: no segment leads out of its folder, names a
 * device, or acts on a terminal. Hostile bytes become `%XX`, so that the name stays readable.
 */
export function safePath(path: Path): string {
  const segments = path.split('/').filter((segment) => segment !== '');
  const safe = segments.map((segment) => safeName(segment as Path)).join('/');
  if (safe !== '' && segments.length <= MOST_SEGMENTS && Buffer.byteLength(safe) <= LONGEST_PATH) return safe;
  return `%deep/${digest(path)}-${safeName((segments.at(-1) ?? '') as Path)}`;
}

/** One segment of a path, made safe. */
export function safeName(name: Path): string {
  if (name === '') return '%';
  const shown = escapeBytes(name.replace(hostile, percent));
  return shorten(shown.replace(device, (word) => percent(word[0]!) + word.slice(1)));
}

/** The same path under another name, for when the first is taken. */
export function alternative(path: string, attempt: number): string {
  const slash = path.lastIndexOf('/') + 1;
  const [stem, extension] = splitName(path.slice(slash));
  return `${path.slice(0, slash)}${stem}~${attempt}${extension}`;
}

function percent(text: string): string {
  return Array.from(Buffer.from(text), percentByte).join('');
}

function percentByte(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

/** Bytes of a path that are no text, or that patterns stumble over. */
function escapeBytes(name: string): string {
  let shown = '';
  for (const character of name) {
    const code = character.codePointAt(0)!;
    if (isEscape(code)) shown += percentByte(code & 0xff);
    else shown += code >= 0xd800 && code <= 0xdfff ? percent(`U+${code.toString(16)}`) : character;
  }
  return shown;
}

function shorten(name: string): string {
  if (Buffer.byteLength(name) <= LONGEST_NAME) return name;
  const [stem, extension] = splitName(name);
  const mark = `~${digest(name)}`;
  return `${cut(stem, LONGEST_NAME - mark.length - Buffer.byteLength(extension))}${mark}${extension}`;
}

function cut(text: string, bytes: number): string {
  let kept = '';
  let length = 0;
  for (const character of text) {
    length += Buffer.byteLength(character);
    if (length > bytes) break;
    kept += character;
  }
  return kept;
}

/** Longer ones are no extensions. In characters. */
const LONGEST_EXTENSION = 16;

function splitName(name: string): [stem: string, extension: string] {
  const dot = name.lastIndexOf('.');
  if (dot <= 0 || name.length - dot > LONGEST_EXTENSION) return [name, ''];
  return [name.slice(0, dot), name.slice(dot)];
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, MARK);
}
