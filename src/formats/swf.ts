import { Broken, Truncated } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';
import { inflateZlib } from '../checks/zlib-stream.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Context, Format } from './format.ts';
import { examinePieces, type Place } from './stored.ts';
import { accountTail } from './tail.ts';

const HEADER = 8;

export const swf: Format = {
  id: 'swf',
  title: 'Flash movie',
  extensions: ['swf'],
  signatures: [
    { at: 0, hex: '46575300', mask: 'ffffffc0' },
    { at: 0, hex: '43575300', mask: 'ffffffc0' },
    { at: 0, hex: '5a575300', mask: 'ffffffc0' },
  ],
  spec: 'SWF File Format Specification 19, chapter 2',
  proof: 'Adler-32 of packed movies; else a chain of tags that ends exactly, with pictures examined',
  texture: 'packed',
  verify(reader: Reader, ledger: Ledger, context: Context): void {
    const size = reader.u32le(4, 'file length');
    const kind = reader.u8(0);
    if (kind === 0x43) accountPacked(reader, ledger, size);
    else if (kind === 0x5a) {
      ledger.account(0, HEADER, 'structure', 'header');
      ledger.coded(HEADER, reader.size, 'LZMA stream');
    } else accountPlain(reader, ledger, context, size);
  },
};

/** The length counts the eight bytes of the header and what the stream inflates to. */
function accountPacked(reader: Reader, ledger: Ledger, size: number): void {
  const { consumed, produced } = inflateZlib(reader, HEADER, reader.size, () => true);
  if (produced + HEADER !== size) throw new Broken(4, 'file length', produced + HEADER, size);
  ledger.account(0, HEADER, 'structure', 'header');
  ledger.account(HEADER, HEADER + consumed, 'checksum', 'Adler-32 of the movie');
  accountTail(reader, ledger, HEADER + consumed);
}

function accountPlain(reader: Reader, ledger: Ledger, context: Context, size: number): void {
  if (size > reader.size) throw new Truncated(reader.size, 'movie', size - reader.size);
  if (size < 21) throw new Broken(4, 'file length', 'at least 21', size);
  const bits = 5 + 4 * (reader.u8(HEADER, 'frame size') >> 3);
  let at = HEADER + Math.ceil(bits / 8) + 4;
  ledger.account(0, HEADER, 'structure', 'header');
  for (let isEnded = false; !isEnded; ) {
    reader.meter.step();
    if (at + 2 > size) throw new Broken(at, 'tags', 'an end tag', 'the end');
    const code = reader.u16le(at, 'tag');
    const isLong = (code & 63) === 63;
    const body = at + (isLong ? 6 : 2);
    const end = body + (isLong ? reader.u32le(at + 2, 'tag length') : code & 63);
    if (end > size) throw new Broken(at, 'tag length', `at most ${size - body}`, end - body);
    // Codes end at 93; obfuscators and Adobe's own tools use some above.
    ledger.account(at, body, 'structure', 'tag header', 8);
    accountTag({ reader, ledger, context, start: body, end }, code >> 6);
    isEnded = code === 0;
    at = end;
  }
  if (at < size) ledger.raw(at, size, 'behind the end tag');
  accountTail(reader, ledger, Math.max(at, size));
}

/** Chapter 8: pictures as JPEG files behind their number, as pixels under zlib, or both in turn. */
function accountTag(place: Place, tag: number): void {
  const { reader, ledger, start, end } = place;
  if (tag === 21 && end - start > 2) examineJpeg({ ...place, start: start + 2 });
  else if ((tag === 20 || tag === 36) && end - start > 8) accountPixels(place);
  else if (tag === 35 && end - start > 6) {
    const alpha = start + 6 + reader.u32le(start + 2);
    if (alpha > end) throw new Broken(start + 2, 'offset of the alpha', `at most ${end}`, alpha);
    examineJpeg({ ...place, start: start + 6, end: alpha });
    accountZlib(reader, ledger, alpha, end);
  } else ledger.raw(start, end, `tag ${tag}`);
}

/** Tables and picture may be files of their own: then an end and a beginning stand between them, or before both. */
function examineJpeg(place: Place): void {
  const { reader, ledger, start, end } = place;
  const seam = reader.indexOf('\xff\xd9\xff\xd8', start, end);
  if (seam < 0) {
    examinePieces(place, [{ start, end }], 'picture.jpg');
    return;
  }
  ledger.account(seam, seam + 4, 'structure', 'seam of tables and picture');
  const pieces = [
    { start, end: seam },
    { start: seam + 4, end },
  ].filter((piece) => piece.end > piece.start);
  examinePieces(place, pieces, 'picture.jpg');
}

/** Number, kind, width, height, for palettes their size; the pixels. */
function accountPixels({ reader, ledger, start, end }: Place): void {
  const kind = reader.u8(start + 2, 'kind of pixels');
  if (kind < 3 || kind > 5) throw new Broken(start + 2, 'kind of pixels', '3 to 5', kind);
  accountZlib(reader, ledger, start + (kind === 3 ? 8 : 7), end);
}

function accountZlib(reader: Reader, ledger: Ledger, start: number, end: number): void {
  if (end - start < 2) return;
  const { consumed } = inflateZlib(reader, start, end, () => true);
  ledger.account(start, start + consumed, 'checksum', 'Adler-32 of pixels');
}
