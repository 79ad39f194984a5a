import { Broken } from '../bytes/errors.ts';

/**
 * Decodes one raw Snappy stream (google/snappy, format_description.txt).
 * @param at offset of the stream in the file, for errors
 * @param most bytes of output allowed
 * @throws Broken
 */
export function decodeSnappy(input: Uint8Array, at: number, most: number): Uint8Array {
  const { size, length } = readSize(input, at);
  if (size > most) throw new Broken(at, 'size of a Snappy stream', `at most ${most}`, size);
  const output = new Uint8Array(size);
  let i = length;
  let o = 0;
  while (i < input.length) {
    const tag = input[i++]!;
    const extra = (tag & 3) === 0 ? Math.max(0, (tag >> 2) - 59) : [0, 1, 2, 4][tag & 3]!;
    if (i + extra > input.length) throw new Broken(at + i, 'end of a Snappy stream');
    let value = 0;
    for (let k = extra - 1; k >= 0; k--) value = value * 256 + input[i + k]!;
    i += extra;
    if ((tag & 3) === 0) {
      const count = (extra === 0 ? tag >> 2 : value) + 1;
      if (count > input.length - i || count > size - o)
        throw new Broken(at + i, 'literals of a Snappy stream');
      output.set(input.subarray(i, i + count), o);
      i += count;
      o += count;
      continue;
    }
    const isShort = (tag & 3) === 1;
    const count = isShort ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
    const distance = isShort ? ((tag >> 5) << 8) | value : value;
    if (distance === 0 || distance > o || count > size - o)
      throw new Broken(at + i, 'copy of a Snappy stream');
    for (const end = o + count; o < end; o++) output[o] = output[o - distance]!;
  }
  if (o !== size) throw new Broken(at + i, 'size of a Snappy stream', size, o);
  return output;
}

function readSize(input: Uint8Array, at: number): { readonly size: number; readonly length: number } {
  let size = 0;
  for (let i = 0; i < Math.min(5, input.length); i++) {
    size += (input[i]! & 0x7f) * 2 ** (7 * i);
    if (input[i]! < 0x80) return { size, length: i + 1 };
  }
  throw new Broken(at, 'size of a Snappy stream', 'up to five bytes');
}
