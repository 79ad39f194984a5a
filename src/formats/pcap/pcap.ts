import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';

const HEADER = 24;
const RECORD = 16;
/** What capture programs take at most, whatever the header says: MAXIMUM_SNAPLEN of libpcap. */
const MOST_CAPTURED = 262144;
/** Packets of one capture are rarely more than some years apart; clocks may jump. */
const MOST_SECONDS_APART = 20 * 366 * 86400;

export const pcap: Format = {
  id: 'pcap',
  title: 'Packet capture',
  extensions: ['pcap', 'cap', 'dmp'],
  signatures: [
    { at: 0, hex: 'd4c3b2a1' },
    { at: 0, hex: 'a1b2c3d4' },
    { at: 0, hex: '4d3cb2a1' },
    { at: 0, hex: 'a1b23c4d' },
  ],
  spec: 'IETF draft-ietf-opsawg-pcap, sections 4 and 5',
  proof: 'records follow each other to the end, with lengths and times in range; packets stay raw',
  texture: 'plain',
  verify(reader: Reader, ledger: Ledger): void {
    const isBig = reader.u8(0) === 0xa1;
    const u32 = (at: number) => (isBig ? reader.u32be(at) : reader.u32le(at));
    const u16 = (at: number) => (isBig ? reader.u16be(at) : reader.u16le(at));
    if (u16(4) !== 2 || u16(6) > 4) throw new Broken(4, 'version', '2.0 to 2.4', `${u16(4)}.${u16(6)}`);
    if (reader.size < HEADER) throw new Truncated(reader.size, 'file header', HEADER - reader.size);
    ledger.account(0, 8, 'structure', 'file header');
    ledger.raw(8, 16, 'time zone and accuracy');
    ledger.account(16, HEADER, 'structure', 'file header', 8);
    let first = -1;
    for (let at = HEADER; at < reader.size; ) {
      reader.meter.step();
      const seconds = at + RECORD <= reader.size ? u32(at) : 0;
      if (first < 0) first = seconds;
      at = verifyRecord(reader, ledger, at, u32, seconds - first);
    }
  },
};

function verifyRecord(
  reader: Reader,
  ledger: Ledger,
  at: number,
  u32: (at: number) => number,
  apart: number,
): number {
  const fraction = u32(at + 4);
  const captured = u32(at + 8);
  const original = u32(at + 12);
  if (fraction >= 1e9) throw new Broken(at + 4, 'fraction of a second', 'less than 10^9', fraction);
  if (captured > MOST_CAPTURED)
    throw new Broken(at + 8, 'captured length', `up to ${MOST_CAPTURED}`, captured);
  if (original < captured && original !== 0)
    throw new Broken(at + 12, 'length of a packet', `at least ${captured}`, original);
  if (Math.abs(apart) > MOST_SECONDS_APART) ledger.oddity(at, 'a packet from another decade');
  const end = at + RECORD + captured;
  // A capture that was killed ends inside a record; so does a file that was cut.
  if (end > reader.size) throw new Truncated(reader.size, 'packet', end - reader.size);
  ledger.account(at, at + RECORD, 'structure', 'record headers', 16);
  ledger.raw(at + RECORD, end, 'packets');
  return end;
}
