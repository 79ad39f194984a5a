import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { accountGaps } from '../gaps.ts';

const HEADER = 18;
const FOOTER = 26;
const kinds = new Set([1, 2, 3, 9, 10, 11]);
const depths = new Set([1, 8, 15, 16, 24, 32]);

export const tga: Format = {
  id: 'tga',
  title: 'Truevision image',
  extensions: ['tga', 'icb', 'vda', 'vst'],
  signatures: [{ at: -18, hex: '54525545564953494f4e2d5846494c452e00' }],
  spec: 'Truevision TGA 2.0',
  proof: 'header, exact size or runs that make exactly the pixels; values by contrast',
  texture: 'plain',
  recognise: isHeader,
  verify(reader: Reader, ledger: Ledger): void {
    if (!isHeader(reader.copy(0, Math.min(HEADER, reader.size))))
      throw new Broken(0, 'header', 'fields in range', 'others');
    const mapAt = HEADER + reader.u8(0);
    const pixelsAt = mapAt + (reader.u8(1) === 1 ? reader.u16le(5) * Math.ceil(reader.u8(7) / 8) : 0);
    const pixels = reader.u16le(12) * reader.u16le(14);
    const width = Math.ceil(reader.u8(16) / 8);
    ledger.account(0, 8, 'structure', 'header', 8);
    ledger.raw(8, 12, 'origin');
    ledger.account(12, HEADER, 'structure', 'header', 8);
    const end = reader.u8(2) >= 9 ? walkRuns(reader, pixelsAt, pixels, width) : pixelsAt + pixels * width;
    ledger.raw(HEADER, Math.min(end, reader.size), 'identification, colours and pixels');
    if (end > reader.size) throw new Truncated(reader.size, 'pixels', end - reader.size);
    accountRest(reader, ledger, end);
  },
};

/** Fields that only a few values fit: map or none, kind, depth of map and pixels, a size, descriptor. */
function isHeader(head: Uint8Array): boolean {
  if (head.length < HEADER) return false;
  const hasMap = head[1] === 1;
  const kind = head[2]!;
  if (head[1]! > 1 || !kinds.has(kind) || !depths.has(head[16]!)) return false;
  if (hasMap ? !depths.has(head[7]!) : (kind & 7) === 1 || head[7]! > 32) return false;
  if (!hasMap && (head[3]! | head[4]! | head[5]! | head[6]!) !== 0) return false;
  const isSized = (head[12]! | head[13]!) !== 0 && (head[14]! | head[15]!) !== 0;
  return isSized && (head[17]! & 0xc0) === 0 && (head[17]! & 15) <= 8;
}

/** A run: bit 7 says repeated or literal, the others how many pixels less one. */
function walkRuns(reader: Reader, start: number, pixels: number, width: number): number {
  let at = start;
  let made = 0;
  while (made < pixels) {
    reader.meter.step();
    const code = reader.u8(at, 'run of pixels');
    const count = (code & 0x7f) + 1;
    made += count;
    at += 1 + (code >= 0x80 ? width : count * width);
  }
  if (at > reader.size) throw new Truncated(reader.size, 'run of pixels', at - reader.size);
  if (made > pixels) throw new Broken(at, 'pixels', pixels, made);
  return at;
}

/** Version 2 ends with a footer; developer and extension areas stand before it. */
function accountRest(reader: Reader, ledger: Ledger, end: number): void {
  const footer = reader.size - FOOTER;
  if (footer < HEADER || !reader.has(footer + 8, 'TRUEVISION-XFILE.')) {
    ledger.trailing(end, reader.size);
    return;
  }
  ledger.account(footer, reader.size, 'structure', 'footer', 8);
  if (footer < end) ledger.oddity(footer, 'the footer stands inside the last run');
  else accountGaps(reader, ledger, [], { start: end, end: footer }, 'extension area');
}
