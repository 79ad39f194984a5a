import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Format } from '../format.ts';
import { accountTextOrRaw } from '../short-text.ts';
import { accountTail } from '../tail.ts';

const MOST_HEADER = 1 << 16;
/** Narrower and wider rows aren't packed by channels. */
const [LEAST_PACKED, MOST_PACKED] = [8, 0x7fff];

export const radiance: Format = {
  id: 'radiance-hdr',
  title: 'Radiance RGBE',
  extensions: ['hdr', 'rgbe', 'xyze'],
  signatures: [
    { at: 0, hex: '233f52414449414e4345' },
    { at: 0, hex: '233f52474245' },
  ],
  spec: 'Ward, Radiance File Formats, Picture File Format',
  proof: 'header by grammar; runs make exactly the rows; values by contrast',
  texture: 'packed',
  verify(reader, ledger): void {
    const { rows, width, end } = readHeader(reader);
    accountTextOrRaw(reader, ledger, 0, end, 'header');
    let at = end;
    for (let row = 0; row < rows; row++) {
      reader.meter.step();
      at = isPacked(reader, at, width) ? passPacked(reader, at + 4, width) : passPixels(reader, at, width);
    }
    ledger.raw(end, at, 'rows');
    accountTail(reader, ledger, at);
  },
};

/** Lines up to an empty one, then the resolution: `-Y 480 +X 640`. */
function readHeader(reader: Reader): { rows: number; width: number; end: number } {
  const text = reader.latin1(0, Math.min(reader.size, MOST_HEADER), 'header');
  const found = /\n\n([-+][XY]) (\d{1,6}) ([-+][XY]) (\d{1,6})\n/.exec(text);
  if (found === null || found[1]![1] === found[3]![1])
    throw new Broken(0, 'header', 'an empty line and a resolution', 'none');
  return { rows: Number(found[2]), width: Number(found[4]), end: found.index + found[0].length };
}

function isPacked(reader: Reader, at: number, width: number): boolean {
  if (width < LEAST_PACKED || width > MOST_PACKED) return false;
  return reader.has(at, [2, 2, width >> 8, width & 0xff]);
}

/** Each channel by itself: a run of more than 128, or so many bytes as they are. */
function passPacked(reader: Reader, start: number, width: number): number {
  let at = start;
  for (let channel = 0; channel < 4; channel++) {
    for (let made = 0; made < width; ) {
      reader.meter.step();
      const code = reader.u8(at, 'run');
      const count = code > 128 ? code - 128 : code;
      if (count === 0 || made + count > width)
        throw new Broken(at, 'run', `up to ${width - made} pixels`, count);
      made += count;
      at += code > 128 ? 2 : 1 + count;
    }
  }
  reader.bytes(at - 1, 1, 'row');
  return at;
}

/** Pixels of four bytes; 1, 1, 1 and a number repeat the one before. */
function passPixels(reader: Reader, start: number, width: number): number {
  let at = start;
  let shift = 0;
  for (let made = 0; made < width; at += 4) {
    reader.meter.step();
    const isRun = (reader.u32be(at, 'pixel') & 0xffffff00) === 0x01010100;
    made += isRun ? reader.u8(at + 3) << shift : 1;
    shift = isRun ? shift + 8 : 0;
    if (made > width || shift > 16) throw new Broken(at, 'run', `up to ${width} pixels`, made);
  }
  return at;
}
