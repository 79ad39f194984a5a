import { Broken, OverBudget, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context, Format } from '../format.ts';
import { Pictures } from './pictures.ts';
import { RtfWalk } from './walk.ts';

/** So many contradictions are passed over; behind more of them nothing is RTF any more. */
const MOST_CONTRADICTIONS = 100;
const DEEPEST = 10_000;
const OPENING = 0x7b;

export const rtf: Format = {
  id: 'rtf',
  title: 'Rich Text Format',
  extensions: ['rtf', 'doc'],
  signatures: [{ at: 0, hex: '7b5c7274' }],
  spec: 'Word 2007 RTF Specification 1.9.1, Contents of an RTF file',
  proof:
    'braces, control words and text by grammar; pictures and objects in hexadecimal or \\bin are examined',
  texture: 'plain',
  verify(reader: Reader, ledger: Ledger, context: Context): void {
    // Word's own documents bear the same extension.
    if (reader.u8(0) !== OPENING) throw new Broken(0, 'RTF', '{', 'another character');
    const pictures = new Pictures(reader, ledger, context);
    const walk = new RtfWalk(reader, {
      open() {
        reader.meter.step();
        if (walk.depth > DEEPEST) throw new OverBudget('groups inside groups of RTF', DEEPEST);
        pictures.open();
      },
      close: (at) => pictures.close(at),
      word: (word, value, at) => {
        walk.cursor.at = pictures.word(word, value, at, walk.cursor.at);
      },
      text: (code, at) => pictures.text(code, at),
    });
    const broken = runThrough(walk, ledger);
    accountSyntax(ledger, walk, broken, pictures.left);
    accountEnd(reader, ledger, walk.cursor.at);
  },
};

interface Hole {
  readonly start: number;
  readonly end: number;
}

/** Runs to the end of the document, passing over contradictions; gives where they are. */
function runThrough(walk: RtfWalk, ledger: Ledger): Hole[] {
  const holes: Hole[] = [];
  for (;;) {
    try {
      walk.run();
      return holes;
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      const start = Math.min(error.at, walk.cursor.at);
      walk.skip();
      ledger.broken(error, walk.cursor.at);
      holes.push({ start, end: walk.cursor.at });
      if (error instanceof Truncated) return holes;
      if (holes.length > MOST_CONTRADICTIONS) throw error;
    }
  }
}

/** 8-bit text is weaker than ASCII: 16 random bytes pass it once in a thousand, 48 never did (measured). */
function accountSyntax(ledger: Ledger, walk: RtfWalk, broken: readonly Hole[], left: readonly Hole[]): void {
  if (walk.high > 0) ledger.oddity(0, `${walk.high} bytes above ASCII in RTF`);
  const holes = [...broken, ...left].sort((a, b) => a.start - b.start);
  let at = 0;
  for (const { start, end } of holes) {
    if (start > at) ledger.account(at, start, 'grammar', 'RTF syntax', 48);
    at = Math.max(at, end);
  }
  ledger.account(at, Math.max(at, walk.cursor.at), 'grammar', 'RTF syntax', 48);
}

/** Behind the last brace writers leave an end of line and NULs. */
function accountEnd(reader: Reader, ledger: Ledger, start: number): void {
  let at = start;
  while (at < reader.size && [0x00, 0x09, 0x0a, 0x0d, 0x20, 0x1a].includes(reader.u8(at))) at++;
  ledger.account(start, at, 'padding', 'blanks and zeros after the last brace');
  ledger.trailing(at, reader.size);
}
