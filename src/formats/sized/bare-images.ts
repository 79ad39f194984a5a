import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import { type SizedFormat, type SizedLayout, sizedFormats } from './sized.ts';

/** Sides of images in pixels; larger ones aren't made in these formats. */
const MOST = 65535;

/** Images whose header is little more than their width and height: the size of the file has to agree. */
interface Bare {
  readonly header: number;
  readonly width: number;
  readonly height: number;
  /** Bytes of pixels. */
  readonly bytes: number;
}

type ReadBare = (head: Uint8Array) => Bare | null;

const u16le = (head: Uint8Array, at: number): number => head[at]! | (head[at + 1]! << 8);
const u32le = (head: Uint8Array, at: number): number => u16le(head, at) + u16le(head, at + 2) * 65536;
const u32be = (head: Uint8Array, at: number): number =>
  head[at]! * 2 ** 24 + ((head[at + 1]! << 16) | (head[at + 2]! << 8) | head[at + 3]!);

const readAai: ReadBare = (head) => fourBytes(u32le(head, 0), u32le(head, 4));
const readAvs: ReadBare = (head) => fourBytes(u32be(head, 0), u32be(head, 4));

function fourBytes(width: number, height: number): Bare {
  return { header: 8, width, height, bytes: 4 * width * height };
}

/** PFS: 1st Publisher: zero, width, zero, height; rows of whole words. */
function readArt(head: Uint8Array): Bare | null {
  const [width, height] = [u16le(head, 2), u16le(head, 6)];
  if (u16le(head, 0) !== 0 || u16le(head, 4) !== 0) return null;
  return { header: 8, width, height, bytes: 2 * Math.ceil(width / 16) * height };
}

/** WAP-237-WAESpec §6: type 0, a fixed header of zero, width and height of seven bits a byte. */
function readWbmp(head: Uint8Array): Bare | null {
  if (head[0] !== 0 || head[1] !== 0) return null;
  const numbers: number[] = [];
  let at = 2;
  while (numbers.length < 2) {
    let value = 0;
    const from = at;
    for (;;) {
      const byte = head[at++];
      if (byte === undefined || at - from > 3) return null;
      value = value * 128 + (byte & 0x7f);
      if (byte < 0x80) break;
    }
    numbers.push(value);
  }
  const [width = 0, height = 0] = numbers;
  return { header: at, width, height, bytes: Math.ceil(width / 8) * height };
}

/** Nokia Smart Messaging 3.0, appendix: info byte 0, width, height, one bit plane. */
function readOtb(head: Uint8Array): Bare | null {
  const [info, width = 0, height = 0, depth] = head;
  return info === 0 && depth === 1
    ? { header: 4, width, height, bytes: Math.ceil(width / 8) * height }
    : null;
}

/** `640 480` and a line feed. */
function readMtv(head: Uint8Array): Bare | null {
  const match = /^(\d{1,5}) (\d{1,5})\n/.exec(Buffer.from(head.subarray(0, 16)).toString('latin1'));
  if (match === null) return null;
  const [width, height] = [Number(match[1]), Number(match[2])];
  return { header: match[0].length, width, height, bytes: 3 * width * height };
}

function readRgf(head: Uint8Array): Bare {
  const [width = 0, height = 0] = head;
  return { header: 2, width, height, bytes: Math.ceil(width / 8) * height };
}

function bare(
  kind: Pick<SizedFormat, 'id' | 'title' | 'extensions' | 'spec'>,
  read: ReadBare,
  how: 'by content' | 'by name',
): SizedFormat {
  const readFitting = (head: Uint8Array, size: number): Bare | null => {
    const found = head.length < 8 ? null : read(head);
    if (found === null || found.width < 1 || found.height < 1) return null;
    return found.width <= MOST && found.height <= MOST && found.header + found.bytes === size ? found : null;
  };
  const measure = (reader: Reader): SizedLayout => {
    const found = readFitting(reader.bytes(0, Math.min(32, reader.size)), reader.size);
    if (found === null)
      throw new Broken(0, 'width and height', 'those that make the size of the file', 'others');
    return { checked: [[0, found.header]], dataStart: found.header, dataEnd: reader.size };
  };
  const recognise =
    how === 'by content'
      ? { recognise: (head: Uint8Array, size: number) => readFitting(head, size) !== null }
      : {};
  return { ...kind, signatures: [], data: 'pixels', measure, ...recognise };
}

export const bareImages = sizedFormats([
  bare(
    { id: 'mtv', title: 'MTV ray tracer image', extensions: ['mtv'], spec: 'ImageMagick source, mtv.c' },
    readMtv,
    'by content',
  ),
  bare(
    { id: 'aai', title: 'Dune HD image', extensions: ['aai'], spec: 'ImageMagick source, aai.c' },
    readAai,
    'by content',
  ),
  bare(
    { id: 'avs', title: 'AVS X image', extensions: [], spec: 'ImageMagick source, avs.c' },
    readAvs,
    'by content',
  ),
  bare(
    { id: 'pfs-art', title: '1st Publisher image', extensions: [], spec: 'ImageMagick source, art.c' },
    readArt,
    'by content',
  ),
  bare(
    { id: 'wbmp', title: 'Wireless bitmap', extensions: ['wbmp'], spec: 'WAP-237-WAESpec, section 6' },
    readWbmp,
    'by content',
  ),
  bare(
    { id: 'otb', title: 'Nokia over-the-air bitmap', extensions: ['otb'], spec: 'Nokia Smart Messaging 3.0' },
    readOtb,
    'by content',
  ),
  bare(
    { id: 'rgf', title: 'LEGO Mindstorms EV3 image', extensions: ['rgf'], spec: 'ImageMagick source, rgf.c' },
    readRgf,
    'by name',
  ),
]);
