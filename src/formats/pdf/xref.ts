import { Broken, OverBudget } from '../../bytes/errors.ts';
import type { PdfDocument } from './document.ts';
import { Lexer } from './lexer.ts';
import { decodeStructural } from './object-stream.ts';
import { parseValue } from './parser.ts';
import { asCount, countIn, type Dictionary, isArray, isDictionary, type PdfValue } from './values.ts';

/** `startxref` is looked for in so many bytes at the end: what is appended to a file may hide it. */
const TAIL = 1 << 20;
const MOST_SECTIONS = 4096;

/**
 * Reads all cross-reference sections from the newest on (ISO 32000-1 §7.5.4–7.5.8), tables, streams and hybrids,
 * and gives their trailers. What is wrong with a section is left to the pass over all bytes.
 */
export function loadCrossReferences(document: PdfDocument): Dictionary[] {
  const trailers: Dictionary[] = [];
  const read = new Set<number>();
  const pending = [findStart(document)];
  while (pending.length > 0) {
    const at = pending.pop()!;
    if (at < 0) continue;
    if (read.has(at)) {
      document.ledger.broken(new Broken(at, 'cross-reference chain', 'an older section', 'one read before'));
      continue;
    }
    if (read.size === MOST_SECTIONS) throw new OverBudget('PDF cross-reference sections', MOST_SECTIONS);
    read.add(at);
    const trailer = readSection(document, at);
    if (trailer === null) continue;
    trailers.push(trailer);
    pending.push(countIn(trailer, 'Prev') ?? -1, countIn(trailer, 'XRefStm') ?? -1);
  }
  return trailers.length > 0 ? trailers : findLastTable(document);
}

/** Where the chain leads nowhere, the last table of the file. */
function findLastTable(document: PdfDocument): Dictionary[] {
  const { reader } = document;
  const length = Math.min(TAIL, reader.size);
  const view = reader.bytes(reader.size - length, length);
  const tail = Buffer.from(view.buffer, view.byteOffset, view.length);
  const index = Math.max(tail.lastIndexOf('\nxref'), tail.lastIndexOf('\rxref'));
  const trailer = index < 0 ? null : readSection(document, reader.size - length + index + 1);
  return trailer === null ? [] : [trailer];
}

/** The offset behind the last `startxref`; −1 where there's none. */
function findStart({ reader }: PdfDocument): number {
  const length = Math.min(TAIL, reader.size);
  const view = reader.bytes(reader.size - length, length);
  const index = Buffer.from(view.buffer, view.byteOffset, view.length).lastIndexOf('startxref');
  if (index < 0) return -1;
  const match = /^startxref[\s\0]*(\d{1,15})/.exec(
    Buffer.from(view.subarray(index, index + 64)).toString('latin1'),
  );
  return match === null ? -1 : Number(match[1]);
}

function readSection(document: PdfDocument, offset: number): Dictionary | null {
  const { reader, headerAt } = document;
  for (const at of new Set([offset, offset + headerAt])) {
    if (at >= reader.size) continue;
    try {
      return readSectionAt(document, at);
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
    }
  }
  return readNearby(document, offset);
}

/** Offsets that are off by a few bytes are usual after text-mode transfers and careless edits. */
function readNearby(document: PdfDocument, offset: number): Dictionary | null {
  const { reader } = document;
  const from = Math.max(0, Math.min(offset, reader.size) - 512);
  const text = reader.latin1(from, Math.min(1024, reader.size - from));
  const index = text.search(/(^|[^t])xref\s/);
  document.oddity(offset, 'offset of the cross-reference section is wrong');
  if (index < 0) return null;
  try {
    return readSectionAt(document, from + index + (text.startsWith('xref', index) ? 0 : 1));
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    return null;
  }
}

function readSectionAt(document: PdfDocument, at: number): Dictionary {
  const lexer = new Lexer(document.reader, at, document.reader.size);
  lexer.next();
  if (lexer.is('xref')) return readTable(document, lexer);
  if (lexer.kind === 'number') return readXrefStream(document, at);
  throw new Broken(at, 'cross-reference section', 'xref or a stream', lexer.text);
}

function readTable(document: PdfDocument, lexer: Lexer): Dictionary {
  walkTable(lexer, document.reader.meter, (object, offset, inUse) => {
    if (inUse) document.references.noteOffset(object, offset);
    else document.references.noteFree(object);
  });
  const trailer = parseValue(lexer);
  if (!isDictionary(trailer)) throw new Broken(lexer.start, 'trailer', 'a dictionary');
  return trailer;
}

type OnEntry = (object: number, offset: number, inUse: boolean) => void;

/**
 * Reads the subsections of a table after `xref`, up to and with `trailer` (ISO 32000-1 §7.5.4).
 * @throws Broken
 */
export function walkTable(lexer: Lexer, meter: { step(): void }, onEntry: OnEntry): void {
  for (;;) {
    lexer.next();
    if (lexer.is('trailer')) return;
    const first = expectCount(lexer, 'first object of a subsection');
    lexer.next();
    const count = expectCount(lexer, 'entries of a subsection');
    for (let i = 0, base = first; i < count; i++) {
      meter.step();
      lexer.next();
      const offset = expectCount(lexer, 'cross-reference entry');
      lexer.next();
      const generation = expectCount(lexer, 'cross-reference generation');
      lexer.next();
      if (!lexer.is('n') && !lexer.is('f'))
        throw new Broken(lexer.start, 'cross-reference entry', 'n or f', lexer.text);
      // Some writers number the head of the free list 1: the whole table is one too high then.
      if (i === 0 && first === 1 && offset === 0 && generation === 65535 && lexer.is('f')) base = 0;
      onEntry(base + i, offset, lexer.is('n'));
    }
  }
}

function expectCount(lexer: Lexer, what: string): number {
  const value = lexer.kind === 'number' ? asCount(lexer.value) : null;
  if (value === null) throw new Broken(lexer.start, what, 'a whole number', lexer.text);
  return value;
}

function readXrefStream(document: PdfDocument, at: number): Dictionary {
  const header = /^\d+[\s\0]+\d+[\s\0]+obj/.exec(
    document.reader.latin1(at, Math.min(40, document.reader.size - at)),
  );
  if (header === null) throw new Broken(at, 'cross-reference stream', 'an object');
  const { dictionary, bytes } = decodeStructural(document.reader, at + header[0].length);
  const { references } = document;
  walkXrefStream(dictionary, bytes, at, (object, kind, second, third) => {
    if (kind === 0) references.noteFree(object);
    else if (kind === 1) references.noteOffset(object, second);
    else references.noteInStream(object, second, third);
  });
  return dictionary;
}

type OnStreamEntry = (object: number, kind: number, second: number, third: number) => void;

/**
 * Reads the entries of a cross-reference stream (ISO 32000-1 §7.5.8).
 * @param bytes its decoded data
 * @param at offset that contradictions are reported at
 * @throws Broken where widths, counts or types of entries can't be
 */
export function walkXrefStream(
  dictionary: Dictionary,
  bytes: Uint8Array,
  at: number,
  onEntry: OnStreamEntry,
): void {
  const widths = countsOf(dictionary.get('W')) ?? [];
  const [kindWidth = 0, secondWidth = 0, thirdWidth = 0] = widths;
  const row = kindWidth + secondWidth + thirdWidth;
  if (widths.length < 3 || row === 0 || Math.max(...widths) > 8) {
    throw new Broken(at, 'widths of a cross-reference stream', 'three of at most 8', widths.join(' '));
  }
  const index = countsOf(dictionary.get('Index')) ?? [0, countIn(dictionary, 'Size') ?? 0];
  let from = 0;
  for (let i = 0; i + 1 < index.length; i += 2) {
    for (let entry = 0; entry < index[i + 1]!; entry++, from += row) {
      if (from + row > bytes.length)
        throw new Broken(at, 'cross-reference stream', 'more entries', bytes.length / row);
      const kind = kindWidth === 0 ? 1 : readNumber(bytes, from, kindWidth);
      if (kind > 2) throw new Broken(at, 'type of a cross-reference entry', '0, 1 or 2', kind);
      const second = readNumber(bytes, from + kindWidth, secondWidth);
      onEntry(index[i]! + entry, kind, second, readNumber(bytes, from + kindWidth + secondWidth, thirdWidth));
    }
  }
}

function readNumber(bytes: Uint8Array, at: number, width: number): number {
  let value = 0;
  for (let i = 0; i < width; i++) value = value * 256 + bytes[at + i]!;
  return value;
}

function countsOf(value: PdfValue | undefined): number[] | null {
  if (!isArray(value)) return null;
  return value.map((item) => asCount(item) ?? 0);
}
