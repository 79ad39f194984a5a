import { Broken } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import { isZlibHeader } from '../../checks/zlib-stream.ts';
import type { Part } from './part.ts';
import { examineInflated, examineWithin } from './unknown.ts';

/** Kinds of packed data that tell their own end. */
interface Packed {
  readonly pattern: string;
  /** Accounts for what begins at `at`, and gives its end; null where it isn't that. */
  readonly take: (part: Part, at: number, end: number) => number | null;
}

const MOST_ATTEMPTS = 256;
/** Shorter streams hardly matter, and chance has some. */
const LEAST_PACKED = 32;

const kinds: readonly Packed[] = [
  { pattern: 'PK\x03\x04', take: takeZip },
  { pattern: '\x89PNG\r\n\x1a\n', take: takePng },
  ...['x\x9c', 'x\xda', 'x\x5e', 'x\x01'].map((pattern) => ({ pattern, take: takeZlib })),
];

/** Accounts for archives, pictures and deflated data inside of bytes that only their program knows. */
export function examineEmbedded(part: Part, range: Range): void {
  const { reader } = part.stream;
  for (const { pattern, take } of kinds) {
    let at = range.start;
    for (let attempts = 0; attempts < MOST_ATTEMPTS; attempts++) {
      const found = reader.indexOf(pattern, at, range.end);
      if (found < 0) break;
      reader.meter.step();
      at = take(part, found, range.end) ?? found + 1;
    }
  }
}

const END_RECORD = 22;

/** Up to the first end record behind it, and its comment (APPNOTE §4.3.16). */
function takeZip(part: Part, at: number, end: number): number | null {
  const { reader } = part.stream;
  const last = reader.indexOf('PK\x05\x06', at, end);
  if (last < 0 || last + END_RECORD > end) return null;
  const until = last + END_RECORD + reader.u16le(last + 20);
  return until <= end && examineWithin(part, at, until, 'embedded.zip') ? until : null;
}

function takePng(part: Part, at: number, end: number): number | null {
  const last = part.stream.reader.indexOf('IEND\xaeB`\x82', at, end);
  return last >= 0 && examineWithin(part, at, last + 8, 'embedded.png') ? last + 8 : null;
}

function takeZlib(part: Part, at: number, end: number): number | null {
  const { reader } = part.stream;
  if (end - at < LEAST_PACKED || !isZlibHeader(reader.u8(at), reader.u8(at + 1))) return null;
  try {
    return examineInflated(part, at, end, 'embedded data', { least: LEAST_PACKED });
  } catch (error) {
    if (error instanceof Broken) return null;
    throw error;
  }
}
