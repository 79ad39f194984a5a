import { Broken } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';

import { type Decoded, Outflow } from './outflow.ts';

/** Values of the digits; −1 ignored white space, −2 the end mark `>`, −3 anything else. */
const meaning = new Int8Array(256).fill(-3);
for (const space of [0, 9, 10, 12, 13, 32]) meaning[space] = -1;
for (let digit = 0; digit < 16; digit++) {
  meaning[digit.toString(16).charCodeAt(0)] = digit;
  meaning[digit.toString(16).toUpperCase().charCodeAt(0)] = digit;
}
meaning[0x3e] = -2;

/**
 * Decodes hexadecimal digits up to `>` (ISO 32000-1 §7.4.2) or to `end`.
 * @throws Broken at a byte outside of the alphabet
 */
export function decodeAsciiHex(
  reader: Reader,
  start: number,
  end: number,
  sink: (output: Uint8Array) => void,
): Decoded {
  const out = new Outflow(reader.meter, sink);
  let pending = -1;
  let at = start;
  for (const part of reader.stream(start, end, 'hexadecimal digits')) {
    const index = feed(part);
    at += index;
    if (index < part.length) break;
  }
  if (pending >= 0) out.put(pending << 4);
  out.flush();
  return { consumed: Math.min(at + 1, end) - start, produced: out.produced };

  /** Gives the index of the end mark, or the length of the part. */
  function feed(part: Uint8Array): number {
    for (let i = 0; i < part.length; i++) {
      const value = meaning[part[i]!]!;
      if (value >= 0) {
        if (pending >= 0) out.put((pending << 4) | value);
        pending = pending >= 0 ? -1 : value;
      } else if (value === -2) return i;
      else if (value === -3) throw new Broken(at + i, 'hexadecimal data', 'a digit', `byte ${part[i]}`);
    }
    return part.length;
  }
}
