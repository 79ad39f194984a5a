import { Broken } from '../../bytes/errors.ts';

/**
 * Follows the instructions of a delta to its end: copies from the base must lie inside it, and all together must make
 * the size that the delta begins with (gitformat-pack, Deltified representation).
 * @param at where the object stands, for what is told
 */
export function verifyDelta(delta: Uint8Array, at: number): void {
  const base = readSize(delta, 0);
  const result = readSize(delta, base.end);
  let made = 0;
  for (let i = result.end; i < delta.length; ) {
    const code = delta[i++]!;
    if (code === 0) throw new Broken(at, 'instruction of a delta', 'copy or insert', 0);
    if (code < 0x80) {
      made += code;
      i += code;
      continue;
    }
    const copy = readCopy(delta, i, code);
    if (copy.offset + copy.length > base.value)
      throw new Broken(at, 'copy from a base', base.value, copy.offset + copy.length);
    made += copy.length;
    i = copy.end;
  }
  if (made !== result.value) throw new Broken(at, 'size of a delta’s result', result.value, made);
}

function readSize(delta: Uint8Array, at: number): { value: number; end: number } {
  let value = 0;
  for (let scale = 1; scale < 2 ** 53; scale *= 128) {
    const byte = delta[at++] ?? 0;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) break;
  }
  return { value, end: at };
}

/** Bits 0–3 say which bytes of the offset follow, bits 4–6 which of the length; no length means 64 KiB. */
function readCopy(
  delta: Uint8Array,
  at: number,
  code: number,
): { offset: number; length: number; end: number } {
  let offset = 0;
  let length = 0;
  for (let i = 0; i < 4; i++) if ((code & (1 << i)) !== 0) offset += (delta[at++] ?? 0) * 2 ** (8 * i);
  for (let i = 0; i < 3; i++) if ((code & (16 << i)) !== 0) length += (delta[at++] ?? 0) * 2 ** (8 * i);
  return { offset, length: length === 0 ? 0x10000 : length, end: at };
}
