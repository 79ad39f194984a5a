import { Broken } from '../../bytes/errors.ts';
import { BYTE_STRINGS } from './byte-strings.ts';
import type { PdfDocument } from './document.ts';
import type { GrammarPen } from './grammar-pen.ts';
import type { Lexer } from './lexer.ts';

/** Shorter pieces hide nothing: they stay part of the syntax around them. */
const SHORTEST_LEFT_OUT = 8;

/**
 * Decides what a string in object syntax proves. Text is grammar; sealed strings, and bytes where the standard
 * has bytes, are left out; bytes that no text encoding gives are a contradiction anywhere else.
 */
export function judgeString(
  document: PdfDocument,
  object: number,
  lexer: Lexer,
  key: string,
  pen: GrammarPen,
): void {
  const { start, at: end, judge } = lexer;
  if (document.encryption?.sealsString(object, key, lexer.length)) {
    pen.leaveOut(start + 1, end - 1);
    document.encryption.seal(start + 1, end - 1);
    return;
  }
  if (lexer.kind === 'hex' || judge.ascii || judge.length < SHORTEST_LEFT_OUT) return;
  const isText = judge.controls === 0 && judge.high * 3 < judge.length;
  if (isText) return;
  pen.leaveOut(start + 1, end - 1);
  if (document.encryption !== null || !judge.random || BYTE_STRINGS.has(key) || startsWithMark(lexer.text))
    return;
  document.ledger.broken(new Broken(start, `string ${key}`.trim(), 'text', 'random bytes'), end);
}

/** The byte order mark of UTF-16 (ISO 32000-1 §7.9.2.2): the units that follow may have any bytes. */
function startsWithMark(text: string): boolean {
  return text.startsWith('\xfe\xff') || text.startsWith('\xff\xfe');
}
