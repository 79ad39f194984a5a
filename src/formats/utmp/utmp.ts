import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';

/** Bytes of a record on Linux, the same on 32-bit and 64-bit machines. */
const RECORD = 384;
const MOST_TYPE = 9;
/** Texts of a record, zero-terminated where there is room: line, id, user, host. */
const texts: readonly (readonly [number, number])[] = [
  [8, 40],
  [40, 44],
  [44, 76],
  [76, 332],
];

export const utmp: Format = {
  id: 'utmp',
  title: 'Login records',
  extensions: ['utmp', 'wtmp', 'btmp'],
  signatures: [],
  spec: 'utmp(5) of the Linux man-pages, "struct utmp"',
  proof: 'records of 384 bytes, with types in range, texts filled up with zeros, and unused bytes zero',
  texture: 'plain',
  recognise(head: Uint8Array, size: number): boolean {
    if (size < RECORD || size % RECORD !== 0 || head.length < RECORD) return false;
    return faultOf(head.subarray(0, RECORD)) < 0 && head[0] !== 0;
  },
  verify(reader: Reader, ledger: Ledger): void {
    let at = 0;
    for (; at + RECORD <= reader.size; at += RECORD) {
      reader.meter.step();
      const fault = faultOf(reader.bytes(at, RECORD));
      if (fault >= 0) {
        ledger.broken(
          new Broken(at + fault, 'login record', 'small types, text, zeros', 'other bytes'),
          at + RECORD,
        );
        continue;
      }
      ledger.account(at, at + RECORD, 'structure', 'login records', 64);
    }
    ledger.trailing(at, reader.size);
  },
};

/** Offset of the first byte that no record has; −1 if there is none. */
function faultOf(record: Uint8Array): number {
  if (record[0]! > MOST_TYPE || record[1] !== 0) return 0;
  for (const [start, end] of texts) {
    const fault = faultInText(record, start, end);
    if (fault >= 0) return fault;
  }
  for (let at = 364; at < RECORD; at++) if (record[at] !== 0) return at;
  return -1;
}

/** Failed logins put anything that was typed into the user's name, yet no control characters. */
function faultInText(record: Uint8Array, start: number, end: number): number {
  let isOver = false;
  for (let at = start; at < end; at++) {
    const byte = record[at]!;
    if (byte === 0) isOver = true;
    else if (isOver || byte < 0x20 || byte === 0x7f) return at;
  }
  return -1;
}
