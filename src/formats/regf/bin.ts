import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { SLACK_FLOOR } from '../slack.ts';
import { isZeroFilled } from '../tail.ts';
import { accountCell } from './cell.ts';

const BASE = 4096;
const HEADER = 32;

/** One bin: its offset and size, then cells up to its end. Gives where it ends. @throws Broken */
export function verifyBin(reader: Reader, ledger: Ledger, at: number, end: number): number {
  reader.expect(at, 'hbin', 'bin signature');
  const offset = reader.u32le(at + 4);
  if (offset !== at - BASE) throw new Broken(at + 4, 'offset of a bin', at - BASE, offset);
  const size = reader.u32le(at + 8);
  if (size === 0 || size % 4096 !== 0 || at + size > end)
    throw new Broken(at + 8, 'size of a bin', `up to ${end - at}`, size);
  ledger.account(at, at + 12, 'structure', 'bin header');
  ledger.raw(at + 12, at + HEADER, 'bin header');
  let cell = at + HEADER;
  while (cell < at + size) {
    reader.meter.step();
    cell = verifyCell(reader, ledger, cell, at + size);
  }
  return at + size;
}

/** A cell's size is negative while it's in use. */
function verifyCell(reader: Reader, ledger: Ledger, at: number, end: number): number {
  const value = reader.u32le(at) | 0;
  const size = Math.abs(value);
  if (size < 8 || size % 8 !== 0 || at + size > end)
    throw new Broken(at, 'size of a cell', `8 to ${end - at}`, value);
  ledger.account(at, at + 4, 'structure', 'cell size');
  if (value < 0) accountCell(reader, ledger, at + 4, at + size);
  else if (isZeroFilled(reader, at + 4, at + size))
    ledger.account(at + 4, at + size, 'padding', 'free cell', SLACK_FLOOR);
  else ledger.raw(at + 4, at + size, 'free cell');
  return at + size;
}
