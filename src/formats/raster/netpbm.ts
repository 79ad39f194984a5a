import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { accountTail } from '../tail.ts';

const MOST_HEADER = 65536;

export const netpbm: Format = {
  id: 'pnm',
  title: 'Portable anymap',
  extensions: ['pbm', 'pgm', 'ppm', 'pnm'],
  signatures: ['31', '32', '33', '34', '35', '36'].map((digit) => ({ at: 0, hex: `50${digit}0a` })),
  spec: 'Netpbm manual: pbm, pgm, ppm',
  proof: 'header by grammar, exact size; pixels by contrast, written out as numbers by grammar',
  texture: 'plain',
  recognise: (head) => head[0] === 0x50 && isKind(head[1]) && isSpace(head[2]),
  verify(reader: Reader, ledger: Ledger): void {
    const header = readHeader(reader);
    const bytes =
      header.kind > 3 ? accountPixels(reader, ledger, header) : accountNumbers(reader, ledger, header.end);
    ledger.account(0, header.end, 'grammar', 'header', 16);
    // More images may follow in the same file.
    if (reader.has(bytes, `P${header.kind}`)) ledger.raw(bytes, reader.size, 'further images');
    else accountTail(reader, ledger, bytes);
  },
};

const isKind = (code = 0): boolean => code >= 0x31 && code <= 0x36;
const isSpace = (code = 0): boolean => code === 0x20 || (code >= 9 && code <= 13) || code === 0x23;

interface Header {
  readonly kind: number;
  readonly width: number;
  readonly height: number;
  readonly most: number;
  readonly end: number;
}

/** Numbers with white space between; `#` begins a comment up to the end of its line. */
function readHeader(reader: Reader): Header {
  const text = reader.latin1(0, Math.min(MOST_HEADER, reader.size), 'header');
  const kind = Number(text[1]);
  const isBitmap = kind === 1 || kind === 4;
  const numbers: number[] = [];
  const token = /(?:\s|#[\t\x20-\x7e]*[\r\n])+(\d{1,9})/y;
  token.lastIndex = 2;
  while (numbers.length < (isBitmap ? 2 : 3)) {
    const match = token.exec(text);
    if (match === null) throw new Broken(token.lastIndex, 'header of an anymap', 'a number', 'none');
    numbers.push(Number(match[1]));
  }
  const [width = 0, height = 0, most = 1] = numbers;
  const at = token.lastIndex === 0 ? text.length : token.lastIndex;
  if (width === 0 || height === 0)
    throw new Broken(2, 'size of the image', 'at least 1 × 1', `${width} × ${height}`);
  if (most === 0 || most > 65535) throw new Broken(2, 'greatest value', '1 to 65535', most);
  if (kind > 3 && !isSpace(text.charCodeAt(at)))
    throw new Broken(at, 'end of the header', 'white space', text[at] ?? 'the end');
  return { kind, width, height, most, end: kind > 3 ? at + 1 : at };
}

function accountPixels(reader: Reader, ledger: Ledger, { kind, width, height, most, end }: Header): number {
  const row = kind === 4 ? Math.ceil(width / 8) : width * (kind === 6 ? 3 : 1) * (most > 255 ? 2 : 1);
  const pixelsEnd = end + row * height;
  ledger.raw(end, Math.min(reader.size, pixelsEnd), 'pixels');
  if (pixelsEnd > reader.size) throw new Truncated(reader.size, 'pixels', pixelsEnd - reader.size);
  return pixelsEnd;
}

/** @throws Broken on what is no ASCII text */
function expectText(code: number, at: number): void {
  if ((code < 0x20 && code !== 9) || code > 0x7e) throw new Broken(at, 'comment', 'ASCII text', code);
}

/** Plain kinds: digits, white space and comments to the end. */
function accountNumbers(reader: Reader, ledger: Ledger, start: number): number {
  let at = start;
  let inComment = false;
  for (const part of reader.stream(start, reader.size)) {
    for (const code of part) {
      if (code === 0x23) inComment = true;
      else if (code === 10 || code === 13) inComment = false;
      else if (inComment) expectText(code, at);
      else if (!(code >= 0x30 && code <= 0x39) && !isSpace(code)) {
        throw new Broken(at, 'plain pixels', 'digits and white space', code);
      }
      at++;
    }
  }
  ledger.account(start, at, 'grammar', 'pixels in digits', 16);
  return at;
}
