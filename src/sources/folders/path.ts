import { isUtf8 } from 'node:buffer';

declare const encoded: unique symbol;

/**
 * A path as a string that keeps every byte, with `/` between its segments.
 *
 * Names on Unix are bytes. Globs and strings can't carry all of them: bytes that aren't UTF-8, control characters,
 * line separators, backslashes. Each such byte stands here as the lone surrogate U+DC00 + byte, which no real text
 * contains (Python's `surrogateescape`, PEP 383, for more bytes). Two different paths are never the same string.
 */
export type Path = string & { readonly [encoded]: true };

/** Names of printable ASCII without backslash stand for themselves. */
const PLAIN = /^[\x20-\x5b\x5d-\x7e]*$/;
/** Valid text that patterns stumble over: control characters, DEL, backslash, and the line separators of regular expressions. */
const HOSTILE = /[\x00-\x1f\x7f\\\u2028\u2029]/g;
/** With the flag `u`, these are surrogates that are no half of a pair. */
const ESCAPED = /[\udc00-\udcff]/u;
const ESCAPE = 0xdc00;

export function fromBytes(bytes: Buffer): Path {
  const latin1 = bytes.toString('latin1');
  if (PLAIN.test(latin1)) return latin1 as Path;
  return (isUtf8(bytes) ? escapeHostile(bytes.toString()) : escapeBytes(bytes)) as Path;
}

/** A path that a person or a program gave as text. On Windows its backslashes separate segments. */
export function fromText(text: string): Path {
  return fromBytes(Buffer.from(process.platform === 'win32' ? text.replaceAll('\\', '/') : text));
}

/** The bytes of the path, as system calls take them. */
export function toBuffer(path: Path): Buffer {
  if (!ESCAPED.test(path)) return Buffer.from(path);
  const parts: Buffer[] = [];
  for (const character of path) {
    const code = character.codePointAt(0)!;
    parts.push(isEscape(code) ? Buffer.of(code - ESCAPE) : Buffer.from(character));
  }
  return Buffer.concat(parts);
}

/** What to give to `node:fs`: the string itself where that says the same, which is faster, else the bytes. */
export function toSystemPath(path: Path): string | Buffer {
  return ESCAPED.test(path) ? toBuffer(path) : path;
}

export function joinPath(folder: Path, name: Path): Path {
  if (folder === '' || name === '') return (folder + name) as Path;
  return (folder.endsWith('/') ? folder + name : `${folder}/${name}`) as Path;
}

/** The last segment. */
export function nameOf(path: Path): Path {
  return path.slice(path.lastIndexOf('/') + 1) as Path;
}

/** Everything before the last segment; `.` where there is nothing. */
export function folderOf(path: Path): Path {
  const slash = path.lastIndexOf('/');
  if (slash < 0) return '.' as Path;
  return path.slice(0, Math.max(1, slash)) as Path;
}

/** Whether this code point stands for one byte. */
export function isEscape(code: number): boolean {
  return code >= ESCAPE && code <= ESCAPE + 0xff;
}

function escapeHostile(text: string): string {
  return text.replace(HOSTILE, (character) => escapeEach(Buffer.from(character)));
}

function escapeBytes(bytes: Buffer): string {
  let path = '';
  for (let at = 0; at < bytes.length; ) {
    const length = characterLength(bytes, at);
    const part = bytes.subarray(at, at + Math.max(1, length));
    path += length > 0 ? escapeHostile(part.toString()) : escapeEach(part);
    at += part.length;
  }
  return path;
}

function escapeEach(bytes: Buffer): string {
  return String.fromCharCode(...Array.from(bytes, (byte) => ESCAPE + byte));
}

/** Bytes of the UTF-8 character at `at`; 0 where there is none. */
function characterLength(bytes: Buffer, at: number): number {
  const most = Math.min(4, bytes.length - at);
  for (let length = 1; length <= most; length++) {
    if (isUtf8(bytes.subarray(at, at + length))) return length;
  }
  return 0;
}
