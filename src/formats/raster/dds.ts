import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { accountGaps } from '../gaps.ts';
import { accountTail } from '../tail.ts';

const HEADER = 128;
/** Bytes of a block of 4 × 4 pixels, by four letters. */
const blocks: Readonly<Record<string, number>> = {
  DXT1: 8,
  ATI1: 8,
  BC4U: 8,
  BC4S: 8,
  DXT2: 16,
  DXT3: 16,
  DXT4: 16,
  DXT5: 16,
  ATI2: 16,
  BC5U: 16,
  BC5S: 16,
};
const MIPMAPS = 0x20000;
const CUBE = 0x200;
const FOUR_LETTERS = 4;

export const dds: Format = {
  id: 'dds',
  title: 'DirectDraw surface',
  extensions: ['dds'],
  signatures: [{ at: 0, hex: '444453207c000000' }],
  spec: 'Microsoft, Programming Guide for DDS',
  proof: 'header and exact size; texels by contrast, packed ones stay unproved',
  texture: 'packed',
  verify(reader: Reader, ledger: Ledger): void {
    if (reader.u32le(76) !== 32) throw new Broken(76, 'size of the pixel format', 32, reader.u32le(76));
    const code = (reader.u32le(80) & FOUR_LETTERS) !== 0 ? reader.latin1(84, 4) : '';
    const start = code === 'DX10' ? HEADER + 20 : HEADER;
    const bits = bitsPerPixel(reader, code);
    ledger.account(0, 32, 'structure', 'header', 12);
    accountGaps(reader, ledger, [], { start: 32, end: 76 }, 'reserved header');
    ledger.account(76, start, 'structure', 'pixel format', 24);
    if (bits === null) {
      ledger.raw(start, reader.size, 'texels');
      ledger.unexamined(start, reader.size, `texels of kind ${code}`);
      return;
    }
    const end = start + sizeOf(reader, bits, code);
    ledger.raw(start, Math.min(reader.size, end), 'texels');
    if (end > reader.size) throw new Truncated(reader.size, 'texels', end - reader.size);
    accountTail(reader, ledger, end);
  },
};

/** Of packed kinds for 16 pixels: negative. */
function bitsPerPixel(reader: Reader, code: string): number | null {
  if (code === '') return reader.u32le(88);
  if (code === 'DX10') return bitsOfKind(reader.u32le(HEADER));
  const block = blocks[code];
  return block === undefined ? null : -block * 8;
}

/** DXGI_FORMAT, the ranges of those with one size. */
function bitsOfKind(kind: number): number | null {
  const ranges = [
    [1, 4, 128],
    [5, 8, 96],
    [9, 22, 64],
    [23, 47, 32],
    [48, 59, 16],
    [60, 65, 8],
    [70, 72, -64],
    [73, 78, -128],
    [79, 81, -64],
    [82, 84, -128],
    [85, 86, 16],
    [87, 93, 32],
    [94, 99, -128],
  ] as const;
  return ranges.find(([from, to]) => kind >= from && kind <= to)?.[2] ?? null;
}

function sizeOf(reader: Reader, bits: number, code: string): number {
  const levels = (reader.u32le(8) & MIPMAPS) !== 0 ? Math.min(32, Math.max(1, reader.u32le(28))) : 1;
  let [height, width, depth] = [
    reader.u32le(12),
    reader.u32le(16),
    Math.max(1, reader.u32le(24)),
  ] as const as [number, number, number];
  if ((reader.u32le(112) & 0x200000) === 0) depth = 1;
  let total = 0;
  for (let i = 0; i < levels; i++) {
    const [w, h, d] = [Math.max(1, width), Math.max(1, height), Math.max(1, depth)];
    total +=
      bits < 0 ? Math.ceil(w / 4) * Math.ceil(h / 4) * d * (-bits / 8) : Math.ceil((w * bits) / 8) * h * d;
    width >>>= 1;
    height >>>= 1;
    depth >>>= 1;
  }
  return total * facesOf(reader, code);
}

function facesOf(reader: Reader, code: string): number {
  const copies = code === 'DX10' ? Math.max(1, reader.u32le(HEADER + 12)) : 1;
  const caps = reader.u32le(112);
  if ((caps & CUBE) === 0) return copies;
  const marked = [0x400, 0x800, 0x1000, 0x2000, 0x4000, 0x8000].filter((bit) => (caps & bit) !== 0).length;
  return copies * (marked === 0 ? 6 : marked);
}
