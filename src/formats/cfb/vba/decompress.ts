import { Broken } from '../../../bytes/errors.ts';

const SIGNATURE = 0x01;
const CHUNK = 4096;
const CHUNK_SIGNATURE = 3;

/** What a container unpacks to, and where it ends in `bytes`. */
export interface Unpacked {
  readonly content: Uint8Array;
  readonly end: number;
}

/**
 * Unpacks a container of VBA from `start` to the end of `bytes` (MS-OVBA §2.4.1). All chunks but the last give 4,096
 * bytes. @throws Broken where it is none
 */
export function decompress(bytes: Uint8Array, start: number): Unpacked {
  if (bytes[start] !== SIGNATURE)
    throw new Broken(start, 'compressed container', '01', bytes[start] ?? 'nothing');
  const parts: Uint8Array[] = [];
  let at = start + 1;
  while (at + 2 < bytes.length) {
    const header = bytes[at]! | (bytes[at + 1]! << 8);
    const end = at + (header & 0x0fff) + 3;
    const isLast = end >= bytes.length - 1;
    if (((header >> 12) & 7) !== CHUNK_SIGNATURE || end > bytes.length)
      throw new Broken(
        at,
        'compressed chunk',
        'signature 3 and a length inside of the stream',
        header.toString(16),
      );
    const isPacked = header >> 15 === 1;
    const part = isPacked ? unpackChunk(bytes, at + 2, end) : bytes.slice(at + 2, end);
    if (!isLast && part.length !== CHUNK)
      throw new Broken(at, 'compressed chunk', `${CHUNK} bytes`, part.length);
    parts.push(part);
    at = end;
  }
  return { content: Buffer.concat(parts), end: at };
}

function unpackChunk(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const output = new Uint8Array(CHUNK);
  let length = 0;
  for (let at = start; at < end; ) {
    const flags = bytes[at++]!;
    for (let bit = 0; bit < 8 && at < end; bit++) {
      if (((flags >> bit) & 1) === 0) {
        if (length === CHUNK) throw new Broken(at, 'compressed chunk', `at most ${CHUNK} bytes`, 'more');
        output[length++] = bytes[at++]!;
      } else {
        if (at + 2 > end) throw new Broken(at, 'copy token', '2 bytes', 1);
        length = copy(output, length, bytes[at]! | (bytes[at + 1]! << 8), at);
        at += 2;
      }
    }
  }
  return output.subarray(0, length);
}

/** The further the chunk is, the more bits an offset has (§2.4.1.3.19.1). */
function copy(output: Uint8Array, length: number, token: number, at: number): number {
  const bits = Math.max(4, Math.ceil(Math.log2(Math.max(1, length))));
  const offset = (token >> (16 - bits)) + 1;
  const count = (token & (0xffff >> bits)) + 3;
  if (offset > length || length + count > CHUNK)
    throw new Broken(
      at,
      'copy token',
      `within ${length} of ${CHUNK} bytes`,
      `${count} from ${offset} before`,
    );
  for (let i = 0; i < count; i++) output[length + i] = output[length + i - offset]!;
  return length + count;
}
