import { Truncated } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';

import { type Decoded, Outflow } from './outflow.ts';

const END_OF_DATA = 128;

/**
 * Decodes runs of literal and repeated bytes up to the end mark 128 (ISO 32000-1 §7.4.5; PackBits without its
 * end mark is the same code) or to `end`.
 * @throws Truncated when a run reaches beyond `end`
 */
export function decodeRunLength(
  reader: Reader,
  start: number,
  end: number,
  sink: (output: Uint8Array) => void,
): Decoded {
  const out = new Outflow(reader.meter, sink);
  let at = start;
  while (at < end) {
    reader.meter.step();
    const length = reader.u8(at++);
    if (length === END_OF_DATA) break;
    const taken = length < END_OF_DATA ? length + 1 : 1;
    if (at + taken > end) throw new Truncated(end, 'run of bytes', at + taken - end);
    const run = reader.bytes(at, taken, 'run of bytes');
    if (length < END_OF_DATA) for (let i = 0; i < taken; i++) out.put(run[i]!);
    else for (let i = 0, byte = run[0]!; i < 257 - length; i++) out.put(byte);
    at += taken;
  }
  out.flush();
  return { consumed: at - start, produced: out.produced };
}
