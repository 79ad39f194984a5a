import { Broken, Truncated } from '../../bytes/errors.ts';
import { overrun } from '../../bytes/overrun.ts';
import type { Reader } from '../../bytes/reader.ts';

/** One box (ISO/IEC 14496-12 section 4.2); an atom in QuickTime. Offsets are the file's. */
export interface Box {
  readonly type: string;
  readonly start: number;
  /** Where its content begins, behind size, type, and the identifier of a `uuid` box. */
  readonly body: number;
  readonly end: number;
}

const HEADER = 8;
const LARGE_HEADER = 16;
const UUID = 16;

/** QuickTime has types that begin with ©. */
const type4 = /^[\x20-\x7e\xa9][\x20-\x7e]{3}$/;

/** Reads the box at `at`, which must end before `end`. @throws Broken, Truncated */
export function readBox(reader: Reader, at: number, end: number): Box {
  if (at + HEADER > end) throw overrun(reader, end, 'box header', at + HEADER - end);
  const size = reader.u32be(at, 'box size');
  const type = reader.latin1(at + 4, 4, 'box type');
  if (!type4.test(type)) throw new Broken(at + 4, 'box type', 'four characters', hex(type));
  const isLarge = size === 1;
  const header = (isLarge ? LARGE_HEADER : HEADER) + (type === 'uuid' ? UUID : 0);
  const length = isLarge ? reader.u64be(at + 8, 'box size') : size === 0 ? end - at : size;
  if (length < header) throw new Broken(at, 'box size', `at least ${header}`, length);
  if (at + length > end) throw exceed(reader, at, end, type, at + length - end);
  return { type, start: at, body: at + header, end: at + length };
}

function exceed(reader: Reader, at: number, end: number, type: string, missing: number): Broken {
  const what = `box ${type}`;
  if (end >= reader.size) return new Truncated(end, what, missing);
  return new Broken(at, `${what} size`, `at most ${end - at}`, end - at + missing);
}

function hex(type: string): string {
  return Buffer.from(type, 'latin1').toString('hex');
}

/** The direct children of [start, end). What is shorter than a header at the end, such as a QuickTime terminator, is left. */
export function* childrenOf(reader: Reader, start: number, end: number): Generator<Box, void, undefined> {
  for (let at = start; at + HEADER <= end; ) {
    reader.meter.step();
    const box = readBox(reader, at, end);
    yield box;
    at = box.end;
  }
}
