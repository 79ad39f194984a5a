import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Box } from './boxes.ts';
import type { Table, Tables, Track } from './track.ts';

export const tableTypes = new Set(['stsz', 'stz2', 'stco', 'co64', 'stsc', 'stts', 'ctts', 'stss']);

/** Reads where a table of `stbl` stands (ISO/IEC 14496-12 sections 8.6.1 and 8.7.3 to 8.7.5). @throws Broken */
export function readTable(reader: Reader, box: Box, tables: Tables): void {
  if (box.type === 'stsz' || box.type === 'stz2') {
    tables.sizes = readSizes(reader, box);
    return;
  }
  const table = { box, at: box.body + 8, count: reader.u32be(box.body + 4, box.type) };
  if (box.type === 'stco') tables.chunks = { ...fitted(table, 4), width: 4 };
  else if (box.type === 'co64') tables.chunks = { ...fitted(table, 8), width: 8 };
  else if (box.type === 'stsc') tables.toChunk = fitted(table, 12);
  else if (box.type === 'stts') tables.durations = fitted(table, 8);
  else if (box.type === 'ctts') tables.offsets = fitted(table, 8);
  else tables.keyFrames = fitted(table, 4);
}

function readSizes(reader: Reader, box: Box): Tables['sizes'] {
  const isCompact = box.type === 'stz2';
  const field = reader.u32be(box.body + 4, box.type);
  const bits = isCompact ? field & 255 : 32;
  if (![4, 8, 16, 32].includes(bits))
    throw new Broken(box.body + 7, 'bits of a sample size', '4, 8, 16', bits);
  const uniform = isCompact ? 0 : field;
  const table = { box, at: box.body + 12, count: reader.u32be(box.body + 8, box.type) };
  return { ...fitted(table, uniform > 0 ? 0 : bits / 8), bits, uniform };
}

function fitted(table: Table, width: number): Table {
  const { box, at, count } = table;
  if (count > 0 && at + Math.ceil(count * width) > box.end)
    throw new Broken(
      box.start,
      `entries of ${box.type}`,
      `at most ${Math.floor((box.end - at) / width)}`,
      count,
    );
  return table;
}

/** Random entries of four bytes that still point into the file, and at the right place. */
const FLOOR = 64;

/** Claims the tables by which all samples of a track were found, and those whose counts agree with them. */
export function accountTables(reader: Reader, ledger: Ledger, { tables }: Track): void {
  const { sizes, chunks, toChunk, durations, offsets, keyFrames } = tables;
  for (const table of [sizes, chunks, toChunk])
    if (table !== null)
      ledger.account(table.box.body, table.box.end, 'structure', `table ${table.box.type}`, FLOOR);
  const count = sizes?.count ?? 0;
  for (const table of [durations, offsets]) {
    if (table === null || sumOfCounts(reader, table) !== count) continue;
    ledger.account(table.box.body, table.box.end, 'structure', `table ${table.box.type}`, 24);
  }
  if (keyFrames !== null && isAscending(reader, keyFrames, count))
    ledger.account(keyFrames.box.body, keyFrames.box.end, 'structure', 'table stss', FLOOR);
}

function sumOfCounts(reader: Reader, { at, count }: Table): number {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    reader.meter.step();
    sum += reader.u32be(at + 8 * i);
  }
  return sum;
}

function isAscending(reader: Reader, { at, count }: Table, most: number): boolean {
  let last = 0;
  for (let i = 0; i < count; i++) {
    reader.meter.step();
    const sample = reader.u32be(at + 4 * i);
    if (sample <= last || sample > most) return false;
    last = sample;
  }
  return true;
}
