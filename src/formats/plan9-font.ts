import { Broken } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';
import type { Format } from './format.ts';
import { accountTail } from './tail.ts';

const NUMBER = 12;
const MAGIC = 'compressed\n';
/** image(6): a block is packed into no more bytes. */
const MOST_BLOCK = 6000;
const WINDOW_SIZE = 1024;
const CHARACTER = 6;
const MOST_CHARACTERS = 1 << 16;

export const plan9Font: Format = {
  id: 'plan9-font',
  title: 'Plan 9 image or subfont, compressed',
  extensions: [],
  signatures: [{ at: 0, hex: '636f6d707265737365640a' }],
  spec: 'Plan 9 image(6), font(6)',
  proof: 'blocks unpack to exactly their rows; packed pixels and widths of characters by contrast',
  texture: 'plain',
  verify(reader, ledger): void {
    const bits = readDepth(reader.latin1(MAGIC.length, NUMBER, 'channels'));
    const [left, top, right, bottom] = [1, 2, 3, 4].map((i) => readNumber(reader, MAGIC.length + i * NUMBER));
    // Rows begin at bytes of the plane, not of the image.
    const row = Math.ceil((right! * bits) / 8) - Math.floor((left! * bits) / 8);
    let at = MAGIC.length + 5 * NUMBER;
    ledger.account(0, at, 'grammar', 'header', 16);
    for (let y = top!; y < bottom!; ) {
      reader.meter.step();
      const [next, size] = [readNumber(reader, at), readNumber(reader, at + NUMBER)];
      if (next <= y || next > bottom! || size > MOST_BLOCK)
        throw new Broken(at, 'block', `rows up to ${bottom}, ${MOST_BLOCK} bytes`, `${next}, ${size}`);
      ledger.account(at, at + 2 * NUMBER, 'grammar', 'head of a block', 16);
      at += 2 * NUMBER;
      unpack(reader, at, size, (next - y) * row);
      ledger.raw(at, at + size, 'packed rows');
      at += size;
      y = next;
    }
    if (at + 3 * NUMBER > reader.size || !/^[ \d]{11} $/.test(reader.latin1(at, NUMBER))) {
      accountTail(reader, ledger, at);
      return;
    }
    const count = readNumber(reader, at);
    if (count > MOST_CHARACTERS)
      throw new Broken(at, 'number of characters', `up to ${MOST_CHARACTERS}`, count);
    const end = at + 3 * NUMBER + CHARACTER * (count + 1);
    reader.bytes(end - 1, 1, 'characters');
    ledger.account(at, at + 3 * NUMBER, 'grammar', 'head of the subfont', 16);
    ledger.raw(at + 3 * NUMBER, end, 'characters');
    accountTail(reader, ledger, end);
  },
};

/** `k1`, `r8g8b8`: letters with their bits. */
function readDepth(text: string): number {
  if (!/^ *(?:[rgbkamx]\d)+ $/.test(text))
    throw new Broken(MAGIC.length, 'channels', 'letters and bits', text);
  return [...text.matchAll(/\d/g)].reduce((sum, [digit]) => sum + Number(digit), 0);
}

/** Eleven characters and a space. */
function readNumber(reader: Reader, at: number): number {
  const text = reader.latin1(at, NUMBER, 'number');
  if (!/^ *-?\d+ $/.test(text)) throw new Broken(at, 'number', 'digits', text);
  return Number(text);
}

/** From 128 on so many bytes less 127 as they are; else 3 to 34 bytes again, from up to 1,024 bytes before. */
function unpack(reader: Reader, start: number, size: number, wanted: number): void {
  const bytes = reader.bytes(start, size, 'block');
  let made = 0;
  let at = 0;
  while (at < size) {
    const code = bytes[at]!;
    if (code >= 128) {
      made += code - 127;
      at += code - 126;
    } else {
      const back = ((((code & 3) << 8) | (bytes[at + 1] ?? 0)) % WINDOW_SIZE) + 1;
      if (back > made) throw new Broken(start + at, 'reference', `up to ${made} bytes back`, back);
      made += (code >> 2) + 3;
      at += 2;
    }
  }
  if (at !== size || made !== wanted) throw new Broken(start, 'bytes of a block', wanted, made);
}
