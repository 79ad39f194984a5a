import { Broken, OverBudget, Truncated } from '../../bytes/errors.ts';
import { complement, type Range, union } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import { isPlainText } from '../../checks/text-bytes.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context } from '../format.ts';
import { detectEncoding, habitsOf, isCertain, noHabits, sampleText } from './detect.ts';
import { DigitRuns, SHORTEST_DIGIT_RUN } from './digit-runs.ts';
import { examineDigits } from './embedded.ts';
import type { Fault, Grammar } from './grammar.ts';
import { Narrowed } from './narrowed.ts';
import { isStray, type OddRun, OddRuns } from './odd-runs.ts';
import type { Encoding, Scanner } from './scanner.ts';
import { utf8 } from './utf8.ts';
import { ZeroRuns } from './zero-runs.ts';

/** Bytes that are looked at in one piece. */
const PIECE = 1 << 16;
const MOST_RUNS = 50_000;
/** Where a file that no name calls text must not have anything else. */
const HEAD = 4096;
/** Zeros amid text: fewer pad records, more are a lost part. */
const PADDING_ZEROS = 64;

const costs = new Int16Array(PIECE);

/** What a text is to be checked for beyond its encoding. */
export interface Expectation {
  readonly grammar: Grammar | null;
  /** Whether the name says that it is text; if not, other bytes than text contradict nothing, behind the first 4 KiB. */
  readonly isPromised: boolean;
}

/** What reading through the text has found. */
interface Findings {
  readonly odd: OddRun[];
  readonly zeros: Range[];
  readonly digits: Range[];
}

/** Accounts for a text of any encoding, in bounded memory. @throws Broken, OverBudget, ReadError */
export function verifyText(reader: Reader, ledger: Ledger, context: Context, expectation: Expectation): void {
  const { encoding, habits, isLikely } = detect(reader);
  const findings: Findings = { odd: [], zeros: [], digits: [] };
  scanText(reader, encoding, habits, expectation.grammar, findings);
  if (!expectation.isPromised) requireTextHead(findings);
  const taken = [
    ...noteZeros(ledger, findings.zeros, encoding.mark, expectation.isPromised),
    ...noteOddRuns(ledger, findings.odd, expectation.isPromised),
    ...(encoding.scanner === utf8.scanner ? examineDigits(reader, ledger, context, findings.digits) : []),
  ];
  noteGrammar(reader, ledger, expectation.grammar, findings);
  const floor = isOneWord(reader) ? reader.size + 1 : encoding.floor;
  for (const { start, end } of complement(union(taken), { start: 0, end: reader.size })) {
    if (isLikely) ledger.account(start, end, 'grammar', `text in ${encoding.name}`, floor);
    else ledger.unexamined(start, end, `too short to be called text in ${encoding.name} for certain`);
  }
}

/** Too short to be examined for what its digits stand for, and nothing else: a digest, a name, or anything in base64. */
function isOneWord(reader: Reader): boolean {
  if (reader.size >= SHORTEST_DIGIT_RUN) return false;
  return /^[\w+/=\r\n-]*$/.test(reader.latin1(0, reader.size, 'text'));
}

interface Detected {
  readonly encoding: Encoding;
  readonly habits: ReadonlySet<number>;
  readonly isLikely: boolean;
}

/** Short files are mostly plain UTF-8, which needs no samples. */
function detect(reader: Reader): Detected {
  if (reader.size <= PIECE && isPlainText(reader.bytes(0, reader.size)))
    return { encoding: utf8, habits: noHabits, isLikely: true };
  const samples = sampleText(reader, reader.size);
  const { encoding, cost } = detectEncoding(samples);
  return { encoding, habits: habitsOf(samples), isLikely: isCertain({ encoding, cost }) };
}

function scanText(
  reader: Reader,
  encoding: Encoding,
  habits: ReadonlySet<number>,
  grammar: Grammar | null,
  findings: Findings,
): void {
  const scanner = encoding.scanner(habits);
  const odd = new OddRuns((run) => keep(findings.odd, run));
  const zeros = new ZeroRuns((run) => keep(findings.zeros, run));
  const digits = new DigitRuns((run) => keep(findings.digits, run));
  const reading = grammar === null ? null : new Narrowed(grammar, encoding);
  for (let at = 0; at < reader.size; ) {
    reader.meter.step();
    const isLast = at + PIECE >= reader.size;
    const piece = reader.bytes(at, Math.min(PIECE, reader.size - at), 'text');
    const taken = scanPiece(scanner, encoding, piece, isLast, at, odd);
    const whole = piece.subarray(0, taken);
    zeros.push(whole, at);
    digits.push(whole, at);
    reading?.push(whole, at);
    at += taken;
  }
  odd.settle();
  zeros.finish();
  digits.finish(reader.size);
  reading?.finish(reader.size);
}

/** Most pieces are plain UTF-8, which two native passes tell; only others are scored byte by byte. */
function scanPiece(
  scanner: Scanner,
  encoding: Encoding,
  piece: Uint8Array,
  isLast: boolean,
  at: number,
  odd: OddRuns,
): number {
  if (encoding.scanner === utf8.scanner) {
    const length = isLast ? piece.length : piece.length - cutOff(piece);
    const whole = piece.subarray(0, length);
    if (isPlainText(whole)) {
      odd.settle();
      return length;
    }
  }
  const count = scanner.scan(piece, isLast, costs);
  odd.push(costs, count, at, scanner.width);
  // What is left at the end of the file is less than a unit.
  return isLast ? piece.length : count * scanner.width;
}

/** Bytes of a sequence at the end of a piece which goes on in the next. */
function cutOff(piece: Uint8Array): number {
  for (let back = 1; back <= 3 && back < piece.length; back++) {
    const byte = piece[piece.length - back]!;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0;
  }
  return 0;
}

function requireTextHead({ odd, zeros }: Findings): void {
  const other = odd.find((run) => !isStray(run)) ?? zeros.find(({ start, end }) => start > 4 && end < HEAD);
  if (other !== undefined && other.start < HEAD)
    throw new Broken(other.start, 'text', 'characters', 'other bytes');
}

function keep<T>(list: T[], item: T): void {
  if (list.length >= MOST_RUNS) throw new OverBudget('runs in a text', MOST_RUNS);
  list.push(item);
}

/** Zeros before the text (a hole after log rotation) and after it (preallocation) are padding; amid it, a lost part. */
function noteZeros(ledger: Ledger, runs: readonly Range[], mark: number, isPromised: boolean): Range[] {
  for (const { start, end } of runs) {
    const isEdge = start <= mark || end >= ledger.size - 1;
    if (isEdge || end - start < PADDING_ZEROS || !isPromised) {
      ledger.account(start, end, 'padding', 'zeros');
      ledger.oddity(start, `${end - start} zeros as padding of a text`);
    } else {
      ledger.broken(new Broken(start, 'text', 'characters', `${end - start} zeros`), end);
    }
  }
  return [...runs];
}

function noteOddRuns(ledger: Ledger, runs: readonly OddRun[], isPromised: boolean): OddRun[] {
  const strays = runs.filter(isStray);
  const foreign = runs.filter((run) => !isStray(run));
  if (strays.length > 0) ledger.oddity(strays[0]!.start, `stray bytes in ${strays.length} places of a text`);
  for (const { start, end } of foreign) {
    if (isPromised) ledger.broken(new Broken(start, 'text', 'characters', 'other bytes'), end);
    else ledger.unexamined(start, end, 'bytes that are no text');
  }
  return [...runs];
}

/** A fault inside of bytes that are no text is told by these already. */
function noteGrammar(reader: Reader, ledger: Ledger, grammar: Grammar | null, findings: Findings): void {
  const fault = grammar?.fault ?? null;
  const oddity = grammar?.oddity() ?? null;
  if (oddity !== null) ledger.oddity(0, oddity);
  if (fault === null || isWithin(fault, [...findings.odd.filter((run) => !isStray(run)), ...findings.zeros]))
    return;
  if (fault.isUnfinished) ledger.broken(new Truncated(reader.size, fault.what, 1));
  else ledger.broken(new Broken(fault.at, fault.what, fault.expected, fault.actual));
}

/** The grammar may stumble a little behind the edge of other bytes, over the word or string that they left open. */
function isWithin({ at, isUnfinished }: Fault, ranges: readonly Range[]): boolean {
  if (isUnfinished) return ranges.length > 0;
  return ranges.some(({ start, end }) => at >= start - 1 && at <= end + 16);
}
