import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';

const HEAD = 4;
const MAJOR = 28;
/** What the bytes of a substream make by XOR with their parity byte. */
const PARITY = 0xa9;
const [CRC_POLYNOMIAL, CRC_START] = [0x63, 0x3c];

const crcTable = Uint8Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = (rest << 1) ^ ((rest & 0x80) === 0 ? 0 : CRC_POLYNOMIAL);
  return rest & 0xff;
});

export const mlp: Format = {
  id: 'mlp',
  title: 'Meridian lossless and Dolby TrueHD',
  extensions: ['mlp', 'thd'],
  signatures: [
    { at: 4, hex: 'f8726fba' },
    { at: 4, hex: 'f8726fbb' },
  ],
  spec: 'Meridian Lossless Packing, Technical Reference for FBA and FBB; FFmpeg source, libavcodec/mlpdec.c',
  proof:
    'access units follow each other, with parity of their heads; parity and CRC-8 of each substream that has them',
  texture: 'dense',
  verify(reader, ledger): void {
    const units: Units = { substreams: 0, largest: 0, open: [] };
    let at = 0;
    while (at < reader.size) {
      reader.meter.step();
      at = readUnit(reader, at, units);
    }
    accountUnits(ledger, at, units);
  },
};

interface Units {
  substreams: number;
  /** In bytes. */
  largest: number;
  /** Substreams without parity and CRC: where they stand. */
  readonly open: (readonly [start: number, end: number])[];
}

const MOST_OPEN = 100_000;

/** Sums have 16 bits: two substreams that are overwritten as a whole are noticed but for 2⁻³². */
function accountUnits(ledger: Ledger, end: number, { largest, open }: Units): void {
  let at = 0;
  for (const [start, openEnd] of open) {
    ledger.account(at, start, 'checksum', 'parity and CRC-8', 3 * largest);
    ledger.coded(start, openEnd, 'substream');
    at = openEnd;
  }
  ledger.account(at, end, 'checksum', 'parity and CRC-8', 3 * largest);
}

/** Check nibble, length in words, time; perhaps a major sync; the ends of the substreams; the substreams. */
function readUnit(reader: Reader, at: number, units: Units): number {
  const length = 2 * (reader.u16be(at, 'access unit') & 0xfff);
  const end = at + length;
  if (end > reader.size) throw new Truncated(reader.size, 'access unit', end - reader.size);
  const bytes = reader.bytes(at, length, 'access unit');
  const directory = HEAD + readMajor(bytes, at, units);
  if (length < directory + 2 * units.substreams)
    throw new Broken(at, 'length of an access unit', 'more', length);
  checkSubstreams(bytes, at, directory, units);
  units.largest = Math.max(units.largest, length);
  return end;
}

/** The bytes of the major sync, which says how many substreams there are; 0 where none stands. */
function readMajor(bytes: Uint8Array, at: number, units: Units): number {
  const isMajor = bytes[4] === 0xf8 && bytes[5] === 0x72 && bytes[6] === 0x6f && (bytes[7]! & 0xfe) === 0xba;
  if (!isMajor && units.substreams > 0) return 0;
  if (!isMajor || bytes.length < HEAD + MAJOR) throw new Broken(at + HEAD, 'major sync', 'F8726FBA', 'none');
  units.substreams = bytes[HEAD + 16]! >> 4;
  if (units.substreams === 0) throw new Broken(at + HEAD + 16, 'number of substreams', '1 at least', 0);
  const hasExtension = bytes[7] === 0xba && (bytes[HEAD + 25]! & 1) !== 0;
  return MAJOR + (hasExtension ? 2 + 2 * (bytes[HEAD + 26]! >> 4) : 0);
}

function checkSubstreams(bytes: Uint8Array, at: number, directory: number, units: Units): void {
  const ends: { end: number; isChecked: boolean }[] = [];
  let next = directory;
  for (let i = 0; i < units.substreams; i++) {
    const entry = ((bytes[next] ?? 0) << 8) | (bytes[next + 1] ?? 0);
    ends.push({ end: 2 * (entry & 0xfff), isChecked: (entry & 0x2000) !== 0 });
    next += (entry & 0x8000) === 0 ? 2 : 4;
  }
  const parity = parityOf(bytes, 0, HEAD) ^ parityOf(bytes, directory, next);
  if (((parity >> 4) ^ parity) % 16 !== 15)
    throw new Broken(at, 'parity of the head of an access unit', 15, parity);
  let start = next;
  for (const { end, isChecked } of ends) {
    if (next + end < start + 2 || next + end > bytes.length)
      throw new Broken(at, 'end of a substream', 'in order', end);
    if (isChecked) checkSubstream(bytes, at, start, next + end);
    else if (units.open.length < MOST_OPEN) units.open.push([at + start, at + next + end]);
    start = next + end;
  }
  // Extra data of TrueHD stands behind the substreams, with a parity of its own.
  if (start < bytes.length && units.open.length < MOST_OPEN) units.open.push([at + start, at + bytes.length]);
}

function checkSubstream(bytes: Uint8Array, at: number, start: number, end: number): void {
  const parity = parityOf(bytes, start, end - 1);
  if (parity !== PARITY) throw new Broken(at + start, 'parity of a substream', PARITY, parity);
  let crc = CRC_START;
  for (let i = start; i < end - 3; i++) crc = crcTable[crc ^ bytes[i]!]!;
  crc ^= bytes[end - 3]!;
  if (crc !== bytes[end - 1]) throw new Broken(at + start, 'CRC-8 of a substream', bytes[end - 1]!, crc);
}

function parityOf(bytes: Uint8Array, start: number, end: number): number {
  let parity = 0;
  for (let i = start; i < end; i++) parity ^= bytes[i]!;
  return parity;
}
