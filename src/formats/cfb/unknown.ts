import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import { BufferSource, SliceSource } from '../../bytes/source.ts';
import { Keep } from '../../checks/unpack.ts';
import { inflateZlib } from '../../checks/zlib-stream.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { examineMember } from '../member.ts';
import type { Part } from './part.ts';

/** How files begin that are often kept in streams, in hexadecimal. */
const beginnings =
  /^(89504e47|ffd8ff|504b0304|25504446|d0cf11e0a1b11ae1|474946383|d7cdc69a|7b5c727466|3c3f786d6c|1f8b08|49492a00|4d4d002a|01000000.{72}20454d46|4d534346|4c00000001140200|52494646|424d)/;

/** Examines a file that stands in a stream, if it begins like one. */
export function examineAt(part: Part, start: number, end: number, name: string): boolean {
  const { reader } = part.stream;
  const head = Buffer.from(reader.bytes(start, Math.min(48, end - start))).toString('hex');
  return beginnings.test(head) && examineWithin(part, start, end, name);
}

/** Examines bytes of a stream as a file. False where nothing is found of any type: they are not claimed then. */
export function examineWithin({ stream, context }: Part, start: number, end: number, name: string): boolean {
  const member = new SliceSource(stream.source, start, end);
  const examined = examineMember(context, stream.ledger, name, member, stream.inFile(start, end));
  if (examined === null || !isProved(examined.ledger)) return false;
  stream.ledger.adopt(examined.ledger, start);
  for (const one of examined.ledger.observations) {
    if (one.kind === 'unexamined') stream.ledger.unexamined(start + one.start, start + one.end, one.why);
  }
  return true;
}

/** Whether more than statistics speaks for it: else it's no file of its own. */
function isProved(ledger: Ledger): boolean {
  const { checksum, decoder, grammar, structure, protected: sealed } = ledger.totals();
  return checksum + decoder + grammar + structure + sealed > 0;
}

/** What a zlib stream unpacks to, where that is said; then PowerPoint may leave off its end. In bytes. */
export interface Inflation {
  readonly size?: number;
  /** Packed bytes that it must have. */
  readonly least?: number;
}

/** Examines what a zlib stream unpacks to, and gives its end. @throws Broken where it is none */
export function examineInflated(
  part: Part,
  start: number,
  end: number,
  name: string,
  expected: Inflation = {},
): number {
  const { stream } = part;
  const reader = stream.reader.within(start, end, name);
  const keep = new Keep();
  let produced = 0;
  let until = end;
  try {
    const { consumed } = inflateZlib(reader, 0, reader.size, (output) => {
      produced += output.length;
      keep.add(output);
    });
    if (consumed < (expected.least ?? 0))
      throw new Broken(0, name, `at least ${expected.least} bytes`, consumed);
    until = start + consumed;
    stream.ledger.account(
      start,
      until,
      'checksum',
      'Adler-32 of the content',
      produced < SHORT ? SHORT_FLOOR : 1,
    );
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    if (!(error instanceof Truncated) || produced !== expected.size)
      throw new Broken(start + error.at, `${name}: ${error.what}`, error.expected, error.actual);
    stream.ledger.account(start, end, 'decoder', 'deflate of the said length');
  }
  examineKept(part, keep, { start, end: until }, name);
  return until;
}

/** The same, where the format says that there is such a stream: else it's broken, and packed bytes are lost. */
export function inflateDeclared(
  part: Part,
  start: number,
  end: number,
  name: string,
  expected?: Inflation,
): void {
  try {
    examineInflated(part, start, end, name, expected);
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    part.stream.ledger.broken(new Broken(error.at, error.what, error.expected, error.actual), end);
    part.stream.ledger.coded(start, end, name);
  }
}

function examineKept({ stream, context }: Part, keep: Keep, { start, end }: Range, name: string): void {
  const bytes = keep.bytes();
  if (bytes === null) stream.ledger.unexamined(start, end, `${name} of more than 16 MiB`);
  else examineMember(context, stream.ledger, name, new BufferSource(bytes), stream.inFile(start, end));
}

/** Adler-32 of fewer bytes does not fill its 32 bits. */
const SHORT = 128;
const SHORT_FLOOR = 8;
