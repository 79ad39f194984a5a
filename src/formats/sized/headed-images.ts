import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import { expectOneOf, expectWithin, type SizedLayout, sizedFormats } from './sized.ts';

/** Images with a fixed header of binary fields. */
export const headedImages = sizedFormats([
  {
    id: 'xwd',
    title: 'X window dump',
    extensions: ['xwd'],
    signatures: [{ at: 0, hex: '0000000000000007', mask: 'ffffff00ffffffff' }],
    spec: 'X11, XWDFile.h',
    data: 'pixels',
    measure: measureXwd,
  },
  {
    id: 'dpx',
    title: 'Digital picture exchange',
    extensions: ['dpx'],
    signatures: [
      { at: 0, hex: '53445058' },
      { at: 0, hex: '58504453' },
    ],
    spec: 'SMPTE ST 268-1',
    data: 'pixels',
    measure: measureDpx,
  },
  {
    id: 'viff',
    title: 'Khoros VIFF',
    extensions: ['viff', 'xv'],
    signatures: [{ at: 0, hex: 'ab010103' }],
    spec: 'Khoros Manual, VIFF header',
    data: 'pixels',
    measure: measureViff,
  },
  {
    id: 'pixar',
    title: 'Pixar image',
    extensions: ['pxr'],
    signatures: [{ at: 0, hex: '80e80000' }],
    spec: 'Pillow source, PixarImagePlugin.py',
    data: 'pixels',
    measure: measurePixar,
  },
  {
    id: 'ipl',
    title: 'IPLab image',
    extensions: ['ipl'],
    signatures: [
      { at: 0, hex: '6969696904000000' },
      { at: 0, hex: '6d6d6d6d00000004' },
    ],
    spec: 'ImageMagick source, ipl.c',
    data: 'pixels',
    measure: measureIpl,
  },
  {
    id: 'gimp-brush',
    title: 'GIMP brush',
    extensions: ['gbr'],
    signatures: [{ at: 20, hex: '47494d50' }],
    spec: 'GIMP documentation, GBR file format',
    data: 'pixels',
    measure: (reader) => measureGimp(reader, 2, 28),
  },
  {
    id: 'gimp-pattern',
    title: 'GIMP pattern',
    extensions: ['pat'],
    signatures: [{ at: 20, hex: '47504154' }],
    spec: 'GIMP documentation, PAT file format',
    data: 'pixels',
    measure: (reader) => measureGimp(reader, 1, 24),
  },
  {
    id: 'gd',
    title: 'LibGD image',
    extensions: ['gd'],
    signatures: [],
    spec: 'LibGD manual, GD image formats',
    data: 'pixels',
    measure: measureGd,
    recognise: isGd,
  },
  {
    id: 'microsoft-paint',
    title: 'Microsoft Paint 1 and 2',
    extensions: ['msp'],
    signatures: [
      { at: 0, hex: '44616e4d' },
      { at: 0, hex: '4c696e53' },
    ],
    spec: 'Microsoft Windows Paint File Format; Pillow source, MspImagePlugin.py',
    data: 'pixels',
    measure: measurePaint,
  },
  {
    id: 'palm-bitmap',
    title: 'Palm bitmap',
    extensions: ['palm'],
    signatures: [],
    spec: 'Palm OS Programmer’s Companion, Bitmaps',
    data: 'pixels',
    measure: measurePalm,
  },
]);

/** ZPixmap has one plane of rows, XYPixmap one for each bit of depth. Colours follow the name of the window. */
function measureXwd(reader: Reader): SizedLayout {
  const [header, kind, depth] = [reader.u32be(0), reader.u32be(8), reader.u32be(12)];
  const [height, rowBytes, colours] = [reader.u32be(20), reader.u32be(48), reader.u32be(76, 'header')];
  expectWithin(0, 'header size', header, 100, 4096);
  expectWithin(8, 'pixmap format', kind, 0, 2);
  expectWithin(12, 'depth', depth, 1, 32);
  expectWithin(76, 'colours', colours, 0, 65536);
  const dataStart = header + 12 * colours;
  const dataEnd = dataStart + rowBytes * height * (kind === 1 ? depth : 1);
  return {
    checked: [
      [0, 16],
      [20, 24],
      [48, 52],
      [76, 80],
    ],
    texts: [[100, header]],
    dataStart,
    dataEnd,
  };
}

/** Values of a pixel by the descriptor of an element: one colour, luminance, RGB, RGBA, ABGR. */
const dpxValues: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 1, 4: 1, 6: 1, 50: 3, 51: 4, 52: 4 };

/** Undefined fields are of FF bytes. Some writers state a size of the file that is too small, or none. */
function measureDpx(reader: Reader): SizedLayout {
  const isBig = reader.has(0, 'SDPX');
  const u32 = (at: number) => (isBig ? reader.u32be(at, 'header') : reader.u32le(at, 'header'));
  const [dataStart, stated] = [u32(4), u32(16)];
  expectWithin(4, 'offset of the image', dataStart, 768, Math.max(768, reader.size));
  if (!/^V[12]\.\d/.test(reader.latin1(8, 8)))
    throw new Broken(8, 'version', 'V1.0 or V2.0', reader.latin1(8, 8));
  const wide = reader.u8(803) === 16 ? 2 : 0;
  const row = u32(772) * (dpxValues[reader.u8(800)] ?? 0) * (reader.u8(803) === 8 ? 1 : wide);
  const isOneElement = (isBig ? reader.u16be(770) : reader.u16le(770)) === 1;
  const isExact = isOneElement && row > 0 && dataStart + row * u32(776) === reader.size;
  const dataEnd = isExact || stated === 0xffffffff ? reader.size : stated;
  expectWithin(16, 'size of the file', dataEnd, dataStart, 2 ** 32);
  return {
    checked: [
      [0, 8],
      [16, 20],
    ],
    texts: [[8, 16]],
    dataStart,
    dataEnd,
  };
}

const viffBits: readonly number[] = [1, 8, 16, 0, 32, 32, 64, 0, 0, 64, 128];

/** Planes of bands; maps before them. Byte order by the kind of machine: 8 is NS (little), 2 IEEE (big). */
function measureViff(reader: Reader): SizedLayout {
  const u32 = (at: number) => (reader.u8(4) === 8 ? reader.u32le(at, 'header') : reader.u32be(at, 'header'));
  const [width, height, images, bands, kind] = [u32(520), u32(524), u32(556), u32(560), u32(564)];
  expectOneOf(568, 'encoding', u32(568), [0]);
  expectOneOf(564, 'kind of data', kind, [0, 1, 2, 4, 5, 6, 9, 10]);
  expectWithin(576, 'kind of map data', u32(576), 0, 10);
  const mapKinds = [0, 1, 2, 0, 4, 4, 8, 8, 8, 8, 16];
  const map = u32(572) === 0 ? 0 : u32(580) * u32(584) * mapKinds[u32(576)]!;
  const pixels = Math.ceil((width * viffBits[kind]!) / 8) * height * bands * images;
  return {
    checked: [
      [0, 5],
      [520, 528],
      [556, 588],
    ],
    texts: [[8, 520]],
    dataStart: 1024,
    dataEnd: 1024 + map + pixels,
  };
}

function measurePixar(reader: Reader): SizedLayout {
  const [height, width, kind] = [reader.u16le(416), reader.u16le(418), reader.u16le(424)];
  const channels: Readonly<Record<number, number>> = { 8: 1, 12: 1, 14: 3, 15: 4 };
  expectOneOf(424, 'channels', kind, [8, 12, 14, 15]);
  const dataStart = 1024;
  const dataEnd = dataStart + width * height * channels[kind]!;
  return {
    checked: [
      [0, 4],
      [416, 420],
      [424, 426],
    ],
    dataStart,
    dataEnd,
  };
}

/** Version and `data`, a size, then width, height, colours, depth, time and kind of data. */
function measureIpl(reader: Reader): SizedLayout {
  const isLittle = reader.has(0, 'iiii');
  const u32 = (at: number) => (isLittle ? reader.u32le(at, 'header') : reader.u32be(at, 'header'));
  reader.expect(12, 'data', 'mark of the data');
  const fields = [24, 28, 32, 36].map(u32);
  const kinds = [1, 2, 4, 4, 0, 0, 2, 0, 0, 0, 8];
  const bytes = kinds[u32(40)] ?? 0;
  if (bytes === 0) throw new Broken(40, 'kind of data', 'a known one', u32(40));
  const pixels = [u32(20), ...fields.slice(0, 3), u32(36)].reduce((product, count) => product * count, bytes);
  const dataEnd = 20 + u32(16);
  expectOneOf(16, 'size of the data', u32(16), [pixels + 28, pixels + 24, pixels]);
  return { checked: [[0, 44]], dataStart: 44, dataEnd };
}

/** The header ends with a name, zero at its end. */
function measureGimp(reader: Reader, version: number, named: number): SizedLayout {
  const [dataStart, width, height, bytes] = [
    reader.u32be(0),
    reader.u32be(8),
    reader.u32be(12),
    reader.u32be(16),
  ];
  expectOneOf(4, 'version', reader.u32be(4), [version]);
  expectWithin(16, 'bytes of a pixel', bytes, 1, 4);
  expectWithin(0, 'size of the header', dataStart, named, 4096);
  return {
    checked: [[0, 24]],
    texts: [[named, dataStart]],
    dataStart,
    dataEnd: dataStart + width * height * bytes,
  };
}

const GD_HEADER = 13;

/** Version, width, height, whether pixels are true colours; then colours, four bytes each, always 256. */
function gdLayout(head: Uint8Array): SizedLayout | null {
  const isTrue = head[1] === 0xfe && head[6] === 1;
  if (head.length < GD_HEADER || head[0] !== 0xff || !(isTrue || (head[1] === 0xff && head[6] === 0)))
    return null;
  const pixels = ((head[2]! << 8) | head[3]!) * ((head[4]! << 8) | head[5]!);
  const dataStart = isTrue ? 11 : GD_HEADER;
  const dataEnd = dataStart + (isTrue ? 4 * pixels : 1024 + pixels);
  return { checked: [[0, dataStart]], dataStart, dataEnd };
}

function isGd(head: Uint8Array, size: number): boolean {
  return gdLayout(head)?.dataEnd === size;
}

function measureGd(reader: Reader): SizedLayout {
  const layout = gdLayout(reader.bytes(0, Math.min(GD_HEADER, reader.size)));
  if (layout === null) throw new Broken(0, 'header', 'a version and kind that fit', 'others');
  return layout;
}

const PAINT_HEADER = 32;

/** All words of the header together make zero by XOR. Version 2 has a list of the lengths of packed rows. */
function measurePaint(reader: Reader): SizedLayout {
  let sum = 0;
  for (let at = 0; at < PAINT_HEADER; at += 2) sum ^= reader.u16le(at, 'header');
  expectOneOf(24, 'sum of the header', sum, [0]);
  const [width, height] = [reader.u16le(4), reader.u16le(6)];
  const isPacked = reader.has(0, 'LinS');
  const dataStart = PAINT_HEADER + (isPacked ? 2 * height : 0);
  let dataEnd = dataStart + (isPacked ? 0 : Math.ceil(width / 8) * height);
  for (let at = PAINT_HEADER; at < dataStart; at += 2) dataEnd += reader.u16le(at, 'lengths of rows');
  return { checked: [[0, PAINT_HEADER]], dataStart, dataEnd };
}

const COMPRESSED = 0x8000;
const COLOURS = 0x4000;
const DIRECT = 0x0400;

/** One bitmap of version 0 to 2, not compressed. */
function measurePalm(reader: Reader): SizedLayout {
  const [width, height, rowBytes, flags] = [0, 2, 4, 6].map((at) => reader.u16be(at, 'header'));
  const [depth, version, next] = [reader.u8(8), reader.u8(9), reader.u16be(10, 'header')];
  const isRaw = (flags! & COMPRESSED) === 0 && next === 0 && version <= 2;
  if (!isRaw || ![1, 2, 4, 8, 16].includes(depth) || width! * depth > 8 * rowBytes!)
    throw new Broken(0, 'header', 'fields of a bitmap that isn’t compressed', 'others');
  const colours = (flags! & COLOURS) === 0 ? 0 : 2 + 4 * reader.u16be(16, 'colours');
  const dataStart = 16 + colours + ((flags! & DIRECT) === 0 ? 0 : 8);
  const dataEnd = dataStart + rowBytes! * height!;
  if (dataEnd !== reader.size) throw new Broken(2, 'height', 'one that makes the size of the file', height!);
  return { checked: [[0, 12]], dataStart, dataEnd };
}
