import { Broken, Truncated } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Format } from './format.ts';
import { accountTail, isZeroFilled } from './tail.ts';

const BLOCK = 2880;
const CARD = 80;
const MOST_CARDS = 100_000;
const MOST_AXES = 999;
const widths = new Set([8, 16, 32, 64, -32, -64]);
const text = /^[\x20-\x7e]*$/;
const keyword = /^[A-Z0-9_-]* *$/;

type Cards = ReadonlyMap<string, string>;

export const fits: Format = {
  id: 'fits',
  title: 'Flexible Image Transport System',
  extensions: ['fits', 'fts'],
  signatures: [{ at: 0, hex: '53494d504c4520203d202020202020202020202020202020202020202054' }],
  spec: 'FITS Standard 4.0, sections 3 and 4',
  proof:
    'headers are ASCII cards in blocks of 2,880 bytes that give the length of the data; data by contrast',
  texture: 'plain',
  verify(reader: Reader, ledger: Ledger): void {
    let at = 0;
    do {
      const { cards, end } = readHeader(reader, ledger, at);
      at = accountData(reader, ledger, end, lengthOfData(cards, at));
    } while (reader.has(at, 'XTENSION='));
    accountTail(reader, ledger, at);
  },
};

/** Cards up to END, and spaces to the end of the block (section 3.3.1). */
function readHeader(reader: Reader, ledger: Ledger, start: number): { cards: Cards; end: number } {
  const cards = new Map<string, string>();
  let at = start;
  for (let card = readCard(reader, at); !/^END *$/.test(card); card = readCard(reader, at)) {
    if (at - start > CARD * MOST_CARDS) throw new Broken(at, 'header', 'a card END', 'none');
    if (card[8] === '=') cards.set(card.slice(0, 8).trimEnd(), card.slice(10).split('/', 1)[0]!.trim());
    at += CARD;
  }
  const end = roundUp(at + CARD);
  expectFill(reader, at + CARD, end, 0x20, 'spaces behind END');
  ledger.account(start, end, 'grammar', 'header');
  return { cards, end };
}

function readCard(reader: Reader, at: number): string {
  reader.meter.step();
  const card = reader.latin1(at, CARD, 'card');
  if (!text.test(card) || !keyword.test(card.slice(0, 8)))
    throw new Broken(at, 'card', 'a keyword and ASCII text', JSON.stringify(card.slice(0, 16)));
  return card;
}

/** Section 4.4.1; random groups have NAXIS1 = 0 (section 6.1.1). In bytes. */
function lengthOfData(cards: Cards, at: number): number {
  const axes = readNumber(cards, 'NAXIS', at);
  const width = readNumber(cards, 'BITPIX', at);
  if (!widths.has(width) || axes < 0 || axes > MOST_AXES) throw new Broken(at, 'BITPIX and NAXIS');
  if (axes === 0) return 0;
  const first = cards.get('GROUPS') === 'T' && readNumber(cards, 'NAXIS1', at) === 0 ? 2 : 1;
  let elements = 1;
  for (let axis = first; axis <= axes; axis++) elements *= readNumber(cards, `NAXIS${axis}`, at);
  const groups = readNumber(cards, 'GCOUNT', at, 1);
  const length = (Math.abs(width) / 8) * groups * (readNumber(cards, 'PCOUNT', at, 0) + elements);
  if (!Number.isSafeInteger(length) || length < 0) throw new Broken(at, 'length of the data');
  return length;
}

function readNumber(cards: Cards, name: string, at: number, usual = Number.NaN): number {
  const written = cards.get(name);
  const value = written === undefined ? usual : Number(written);
  if (!Number.isSafeInteger(value)) throw new Broken(at, name, 'an integer', written ?? 'none');
  return value;
}

/** Zeros fill the last block, or spaces behind ASCII tables (section 3.3.2); some writers leave the filling out. */
function accountData(reader: Reader, ledger: Ledger, start: number, length: number): number {
  const end = start + length;
  if (end > reader.size) throw new Truncated(reader.size, 'data', end - reader.size);
  ledger.raw(start, end, 'data');
  if (end === reader.size && end % BLOCK !== 0) ledger.oddity(end, 'the last block is not filled');
  const filled = Math.min(roundUp(end), reader.size);
  if (!isZeroFilled(reader, end, filled)) expectFill(reader, end, filled, 0x20, 'zeros behind the data');
  ledger.account(end, filled, 'padding', 'zeros behind the data');
  return filled;
}

function expectFill(reader: Reader, start: number, end: number, fill: number, what: string): void {
  for (const part of reader.stream(start, end, what)) {
    if (part.some((byte) => byte !== fill)) throw new Broken(start, what, fill, 'other bytes');
  }
}

function roundUp(length: number): number {
  return Math.ceil(length / BLOCK) * BLOCK;
}
