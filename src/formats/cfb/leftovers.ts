import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import { BLOCK, kernel } from '../../kernel/kernel.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { SLACK_FLOOR } from '../slack.ts';
import { isZeroFilled } from '../tail.ts';

/** Shorter stretches are told by their neighbours. */
const LEAST = 256;

/**
 * Accounts for bytes of which the format says nothing: streams that only their program knows, sectors that are free
 * and hold what was deleted. Zeros are padding; what contrasts is raw; what doesn't may be pictures or packed data, by
 * right.
 */
export function accountOpaque(reader: Reader, ledger: Ledger, range: Range, by: string): void {
  for (let at = range.start; at < range.end; ) {
    reader.meter.step();
    const end = Math.min(range.end, (Math.floor(at / BLOCK) + 1) * BLOCK);
    if (isZeroFilled(reader, at, end)) ledger.account(at, end, 'padding', by, SLACK_FLOOR);
    else if (end - at < LEAST || contrasts(reader, at, end)) ledger.raw(at, end, by);
    else ledger.coded(at, end, by);
    at = end;
  }
}

function contrasts(reader: Reader, start: number, end: number): boolean {
  return kernel().contrastWidth(reader.bytes(start, end - start), start) > 0;
}
