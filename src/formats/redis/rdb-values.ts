import { Broken } from '../../bytes/errors.ts';
import type { RdbReader } from './rdb-reader.ts';

type Walk = (rdb: RdbReader) => void;

const string: Walk = (rdb) => rdb.string();
const listOf =
  (...parts: Walk[]): Walk =>
  (rdb) => {
    for (let left = rdb.length(); left > 0; left--) {
      rdb.reader.meter.step();
      for (const walk of parts) walk(rdb);
    }
  };
/** A score as text; 253 to 255 stand for what no text says. */
const textScore: Walk = (rdb) => {
  const length = rdb.byte();
  if (length < 253) rdb.skip(length);
};
const binaryScore: Walk = (rdb) => rdb.skip(8);
const expiry: Walk = (rdb) => {
  rdb.length();
};

/** How values of each type stand (Redis source, rdb.h and rdb.c). */
const values: Readonly<Record<number, Walk>> = {
  0: string,
  1: listOf(string),
  2: listOf(string),
  3: listOf(string, textScore),
  4: listOf(string, string),
  5: listOf(string, binaryScore),
  9: string,
  10: string,
  11: string,
  12: string,
  13: string,
  14: listOf(string),
  16: string,
  17: string,
  18: listOf((rdb) => rdb.length(), string),
  20: string,
};

const opcodes: Readonly<Record<number, Walk>> = {
  244: (rdb) => {
    for (let left = 3; left > 0; left--) rdb.length();
  },
  245: string,
  248: expiry,
  249: (rdb) => rdb.skip(1),
  250: (rdb) => {
    rdb.string();
    rdb.string();
  },
  251: (rdb) => {
    rdb.length();
    rdb.length();
  },
  252: (rdb) => rdb.skip(8),
  253: (rdb) => rdb.skip(4),
  254: expiry,
};

const END = 255;
/** Modules and streams, whose parts aren't walked here. */
const unknown = new Set([6, 7, 15, 19, 21, 22, 23, 24, 25, 247]);

/** Walks one key with its value, or one instruction, and says what it was. @throws Broken */
export function walkEntry(rdb: RdbReader): 'entry' | 'end' | 'unknown' {
  const at = rdb.at;
  const kind = rdb.byte();
  if (kind === END) return 'end';
  const opcode = opcodes[kind];
  if (opcode !== undefined) {
    opcode(rdb);
    return 'entry';
  }
  if (unknown.has(kind)) return 'unknown';
  const value = values[kind];
  if (value === undefined) throw new Broken(at, 'type of a value', 'one that is known', kind);
  rdb.string();
  value(rdb);
  return 'entry';
}
