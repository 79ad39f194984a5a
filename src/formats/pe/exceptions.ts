import { Broken } from '../../bytes/errors.ts';
import type { Part } from './part.ts';

const AMD64 = 0x8664;
/** Begin, end and unwind information of a function. */
const ENTRY = 12;

/** The function table (PE Format, "The .pdata Section"): on AMD64, sorted functions that don't overlap. */
export function accountExceptions({ reader, ledger, image, start, end }: Part): void {
  if (image.machine !== AMD64) return;
  let before = 0;
  for (let at = start; at + ENTRY <= end; at += ENTRY) {
    reader.meter.step();
    const from = reader.u32le(at);
    const to = reader.u32le(at + 4);
    // Zeros fill the table up.
    if (from === 0 && to === 0) continue;
    if (from < before || to <= from)
      throw new Broken(at, 'function table', `ascending from ${before}`, `${from}–${to}`);
    before = to;
  }
  ledger.account(start, end, 'structure', 'function table', 24);
}
