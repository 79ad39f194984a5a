import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';

const SECTION = 0x0a0d0d0a;
/** Bytes of the fields before the packet's own, by type of block (§4). */
const fieldBytes: Readonly<Record<number, number>> = { [SECTION]: 16, 1: 8, 2: 20, 3: 4, 5: 12, 6: 20 };

export const pcapng: Format = {
  id: 'pcapng',
  title: 'Packet capture, next generation',
  extensions: ['pcapng', 'ntar'],
  signatures: [{ at: 0, hex: '0a0d0d0a' }],
  spec: 'IETF draft-ietf-opsawg-pcapng, sections 3 and 4',
  proof: 'blocks follow each other to the end, each with its length at both ends; packets stay raw',
  texture: 'plain',
  verify(reader: Reader, ledger: Ledger): void {
    let isBig = false;
    for (let at = 0; at < reader.size; ) {
      reader.meter.step();
      if (at + 12 > reader.size) throw new Truncated(reader.size, 'block', at + 12 - reader.size);
      const isSection = reader.u32be(at) === SECTION;
      if (isSection) isBig = readByteOrder(reader, at + 8);
      at = verifyBlock(reader, ledger, at, isBig);
    }
  },
};

function readByteOrder(reader: Reader, at: number): boolean {
  const magic = reader.u32be(at);
  if (magic !== 0x1a2b3c4d && magic !== 0x4d3c2b1a)
    throw new Broken(at, 'byte-order magic', '1a2b3c4d', magic);
  return magic === 0x1a2b3c4d;
}

function verifyBlock(reader: Reader, ledger: Ledger, at: number, isBig: boolean): number {
  const u32 = (place: number) => (isBig ? reader.u32be(place) : reader.u32le(place));
  const type = u32(at);
  const length = u32(at + 4);
  if (length < 12 || length % 4 !== 0)
    throw new Broken(at + 4, 'length of a block', 'a multiple of 4 from 12', length);
  const end = at + length;
  if (end > reader.size) throw new Truncated(reader.size, 'block', end - reader.size);
  if (u32(end - 4) !== length) throw new Broken(end - 4, 'length repeated at the end', length, u32(end - 4));
  const fieldsEnd = Math.min(end - 4, at + 8 + (fieldBytes[type] ?? 0));
  ledger.raw(at, end, 'packets and options');
  ledger.account(at, at + 8, 'structure', 'block headers', 8);
  ledger.account(end - 4, end, 'structure', 'block ends');
  if (type === SECTION)
    ledger.account(at + 8, Math.min(fieldsEnd, at + 16), 'structure', 'section header', 8);
  checkCaptured(reader, at, type, end, u32);
  return end;
}

/** Enhanced packets and simple ones must hold what they say they captured. */
function checkCaptured(
  _reader: Reader,
  at: number,
  type: number,
  end: number,
  u32: (at: number) => number,
): void {
  if (type !== 6) return;
  const captured = u32(at + 20);
  if (at + 28 + captured > end - 4)
    throw new Broken(at + 20, 'captured length', `up to ${end - at - 32}`, captured);
}
