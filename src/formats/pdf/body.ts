import { Broken, Truncated } from '../../bytes/errors.ts';
import type { PdfDocument } from './document.ts';
import { GrammarPen } from './grammar-pen.ts';
import { Lexer } from './lexer.ts';
import { parseValue } from './parser.ts';
import { locateData } from './stream-extent.ts';
import { kindOf } from './stream-kind.ts';
import { verifyStream } from './streams.ts';
import { judgeString } from './strings.ts';
import { asCount, type Dictionary, isDictionary, type PdfValue } from './values.ts';
import { walkTable } from './xref.ts';

/** The parts of which a file consists (ISO 32000-1 §7.5.1). */
export type Item = 'header' | 'object' | 'table' | 'trailer' | 'startxref' | 'end of file' | 'nothing';

/** The line of binary bytes after the header, in bytes; writers put 4 to 8 there. */
const LONGEST_MARK = 24;

/** Reads one part after the other, accounting for every byte, whatever the cross-references reach. */
export class Body {
  /** The last part that was read whole. */
  last: Item = 'nothing';
  /** Where the part began that was read last, or is broken. */
  partStart = 0;
  /** Offset behind the last `%%EOF`; 0 before. */
  endOfFile = 0;
  readonly #document: PdfDocument;
  readonly #lexer: Lexer;
  /** Where no `endstream` follows any more: it isn't looked for again. */
  #lastEndstream = Number.POSITIVE_INFINITY;

  constructor(document: PdfDocument, start: number) {
    this.#document = document;
    this.#lexer = new Lexer(document.reader, start, document.reader.size);
  }

  get at(): number {
    return this.#lexer.at;
  }

  set at(offset: number) {
    this.#lexer.at = offset;
  }

  /** Reads the next part; false at the end of the file. @throws Broken, Truncated */
  next(): boolean {
    const { reader, ledger } = this.#document;
    reader.meter.step();
    this.#skipBlanks();
    const start = this.at;
    if (start >= reader.size) return false;
    this.partStart = start;
    const pen = new GrammarPen(ledger, start, 'syntax');
    this.last = this.#lexer.cursor.peek() === 0x25 ? this.#readComment(start) : this.#readPart(pen);
    pen.upTo(this.at);
    return true;
  }

  /** White space between parts; NULs too, as recorders and block devices pad with them. */
  #skipBlanks(): void {
    const { cursor } = this.#lexer;
    const start = cursor.at;
    let hasZeros = false;
    for (let code = cursor.peek(); isBlank(code); code = cursor.peek()) {
      hasZeros ||= code === 0;
      cursor.at++;
    }
    const proof = hasZeros ? 'padding' : 'grammar';
    this.#document.ledger.account(
      start,
      cursor.at,
      proof,
      hasZeros ? 'blanks and zeros' : 'syntax',
      hasZeros ? 4 : 32,
    );
  }

  #readComment(start: number): Item {
    if (this.last !== 'header' || !this.#skipBinaryMark(start)) this.#lexer.skipComment();
    if (this.#document.reader.has(start, '%PDF-')) return 'header';
    if (!this.#document.reader.has(start, '%%EOF')) return this.last;
    this.endOfFile = start + 5;
    return 'end of file';
  }

  /** The line after the header has bytes above ASCII, so that transfer programs take the file as binary (§7.5.2). */
  #skipBinaryMark(start: number): boolean {
    const { reader } = this.#document;
    const line = reader.latin1(start, Math.min(LONGEST_MARK, reader.size - start));
    const mark = /^%[^\r\n]*(?=[\r\n])/.exec(line);
    if (mark === null) return false;
    this.at = start + mark[0].length;
    return true;
  }

  #readPart(pen: GrammarPen): Item {
    const lexer = this.#lexer;
    lexer.next();
    if (lexer.kind === 'number') return this.#readObject(pen, lexer.start);
    if (lexer.is('xref')) {
      walkTable(lexer, this.#document.reader.meter, () => {});
      return this.#readTrailer(pen);
    }
    if (lexer.is('trailer')) return this.#readTrailer(pen);
    if (lexer.is('startxref')) return this.#readStart();
    if (this.last !== 'object' || (!lexer.is('endobj') && !lexer.is('endstream')))
      throw new Broken(lexer.start, 'part of a PDF file', 'an object', lexer.text);
    this.#document.oddity(lexer.start, `${lexer.text} without object`);
    return this.last;
  }

  #readStart(): Item {
    const lexer = this.#lexer;
    if (lexer.next() !== 'number') throw new Broken(lexer.start, 'startxref', 'an offset', lexer.text);
    return 'startxref';
  }

  #readTrailer(pen: GrammarPen): Item {
    const trailer = this.#readValue(pen, -1);
    if (!isDictionary(trailer)) throw new Broken(this.#lexer.start, 'trailer', 'a dictionary');
    return 'trailer';
  }

  #readValue(pen: GrammarPen, object: number): PdfValue | undefined {
    const lexer = this.#lexer;
    const before = lexer.careless;
    const value = parseValue(lexer, (_, key) => judgeString(this.#document, object, lexer, key, pen));
    if (lexer.careless > before) this.#document.oddity(lexer.start, 'careless number');
    return value;
  }

  #readObject(pen: GrammarPen, start: number): Item {
    const lexer = this.#lexer;
    const object = asCount(lexer.value);
    const isGeneration = lexer.next() === 'number' && asCount(lexer.value) !== null;
    if (object === null || !isGeneration) throw new Broken(start, 'object', 'number and generation');
    lexer.next();
    if (!lexer.is('obj')) throw new Broken(lexer.start, 'object', 'obj', lexer.text);
    this.#document.seen.add(object, start);
    const value = this.#readValue(pen, object);
    if (value === undefined) return this.#endEmptyObject(object);
    lexer.next();
    if (lexer.is('stream') && isDictionary(value)) this.#readStream(pen, object, value);
    this.#endObject();
    return 'object';
  }

  /** `1 0 obj endobj` says null. */
  #endEmptyObject(object: number): Item {
    if (!this.#lexer.is('endobj'))
      throw new Broken(this.#lexer.start, `object ${object}`, 'a value', this.#lexer.text);
    this.#document.oddity(this.#lexer.start, 'object without value');
    return 'object';
  }

  #endObject(): void {
    const lexer = this.#lexer;
    if (lexer.is('endobj')) return;
    const startsNext =
      lexer.kind === 'number' || lexer.is('xref') || lexer.is('startxref') || lexer.is('trailer');
    if (!startsNext && lexer.kind !== 'end')
      throw new Broken(lexer.start, 'end of object', 'endobj', lexer.text);
    if (lexer.kind === 'end') throw new Truncated(lexer.start, 'endobj', 6);
    this.#document.oddity(lexer.start, 'endobj missing');
    lexer.at = lexer.start;
  }

  #readStream(pen: GrammarPen, object: number, dictionary: Dictionary): void {
    const lexer = this.#lexer;
    const document = this.#document;
    if (!dictionary.has('Length'))
      document.ledger.broken(new Broken(lexer.start, 'stream dictionary', '/Length'));
    const length = asCount(document.resolve(dictionary.get('Length')));
    const extent = this.#locate(lexer.at, length);
    for (const what of extent.oddities) document.oddity(extent.start, what);
    pen.upTo(extent.start);
    verifyStream(document, {
      object,
      dictionary,
      kind: kindOf(dictionary),
      start: extent.start,
      end: extent.end,
      isGuessed: extent.isGuessed,
    });
    pen.leaveOut(extent.start, extent.end);
    lexer.at = extent.keywordAt;
    lexer.next();
    if (lexer.is('endstream')) lexer.next();
  }

  #locate(at: number, length: number | null) {
    const { reader } = this.#document;
    try {
      return locateData(reader, at, length, at < this.#lastEndstream ? reader.size : at);
    } catch (error) {
      if (error instanceof Truncated) this.#lastEndstream = Math.min(this.#lastEndstream, at);
      throw error;
    }
  }
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0 || (code >= 0x09 && code <= 0x0d && code !== 0x0b);
}
