import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import { crc32 } from '../../checks/crc32.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { SLACK_FLOOR } from '../slack.ts';
import { accountTail, isZeroFilled } from '../tail.ts';
import { CHUNK, verifyChunk } from './chunk.ts';

const HEADER = 4096;
/** Bytes of the header that its CRC-32 covers. */
const SUMMED = 120;
/** The log was not closed: counts and sums of the last chunk may be old. */
const DIRTY = 1;

export const evtx: Format = {
  id: 'evtx',
  title: 'Windows event log',
  extensions: ['evtx'],
  signatures: [{ at: 0, hex: '456c6646696c6500' }],
  spec: 'libevtx, "Windows XML Event Log (EVTX) format"; MS-EVEN6 2.2',
  proof: "CRC-32 of the header, of every chunk header and of every chunk's records",
  texture: 'plain',
  verify(reader: Reader, ledger: Ledger): void {
    const isDirty = verifyHeader(reader, ledger);
    const chunks = reader.u16le(42);
    let at = HEADER;
    for (let number = 0; at + CHUNK <= reader.size; number++, at += CHUNK) {
      reader.meter.step();
      verifyPlace(reader, ledger, at, number < chunks, isDirty);
    }
    if (chunks * CHUNK > reader.size - HEADER && !isDirty) {
      ledger.broken(
        new Broken(42, 'number of chunks', Math.floor((reader.size - HEADER) / CHUNK), chunks),
        44,
      );
    }
    accountTail(reader, ledger, at);
  },
};

function verifyHeader(reader: Reader, ledger: Ledger): boolean {
  const stored = reader.u32le(124, 'CRC-32 of the header');
  const computed = crc32(reader.bytes(0, SUMMED));
  if (stored !== computed) throw new Broken(124, 'CRC-32 of the header', stored, computed);
  ledger.account(0, 128, 'checksum', 'header CRC-32');
  if (isZeroFilled(reader, 128, HEADER))
    ledger.account(128, HEADER, 'padding', 'end of the header', SLACK_FLOOR);
  return (reader.u32le(120) & DIRTY) !== 0;
}

/** Logs grow by many chunks at once: those behind the last used one are zeros, or left from a cleared log. */
function verifyPlace(reader: Reader, ledger: Ledger, at: number, isUsed: boolean, isDirty: boolean): void {
  if (reader.has(at, 'ElfChnk\0')) {
    verifyChunk(reader, ledger, at, isDirty);
    return;
  }
  if (isZeroFilled(reader, at, at + CHUNK)) {
    ledger.account(at, at + CHUNK, 'padding', 'unused chunks');
    if (isUsed && !isDirty) ledger.oddity(at, 'a chunk of zeros among the used ones');
    return;
  }
  ledger.broken(new Broken(at, 'chunk signature', 'ElfChnk', reader.latin1(at, 7)), at + CHUNK);
}
