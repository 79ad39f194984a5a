import { Broken } from '../../bytes/errors.ts';
import { complement } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import { detectEncoding, noHabits } from '../text/detect.ts';
import { type OddRun, OddRuns } from '../text/odd-runs.ts';
import type { Encoding } from '../text/scanner.ts';
import { utf16le } from '../text/wide.ts';
import type { Stream } from './stream.ts';

/** Text is read in pieces of so many bytes. */
const PIECE = 1 << 15;
/** Shorter runs of other characters are symbols, codes of fields, or what a program put there. */
const LEAST_ODD = 48;
/** Contrast with what is round them does better for a few characters. */
const LEAST_TEXT = 512;
const SAMPLES = 4;

const costs = new Int16Array(PIECE);

/** Width of a text's characters: `narrow` has one byte each, in whatever code page. */
export type Width = 'narrow' | 'wide';

/** Accounts for text in a stream; long runs of anything else contradict it. */
export function accountTextPiece(stream: Stream, start: number, end: number, width: Width, by: string): void {
  const { reader, ledger } = stream;
  if (end - start < LEAST_ODD) return;
  const encoding = width === 'wide' ? utf16le : detectEncoding(sample(reader, start, end)).encoding;
  const odd = findOddRuns(reader, start, end, encoding).filter((run) => run.end - run.start >= LEAST_ODD);
  for (const run of odd) ledger.broken(new Broken(run.start, by, 'characters', 'other bytes'), run.end);
  if (end - start < LEAST_TEXT) return;
  for (const range of complement(odd, { start, end })) {
    ledger.account(
      range.start,
      range.end,
      'grammar',
      `${by} in ${encoding.name}`,
      Math.max(64, encoding.floor),
    );
  }
}

function sample(reader: Reader, start: number, end: number): Uint8Array[] {
  const length = Math.min(PIECE / SAMPLES, end - start);
  const step = Math.max(length, Math.floor((end - start) / SAMPLES));
  const samples: Uint8Array[] = [];
  for (let at = start; at + length <= end; at += step)
    samples.push(withoutCodes(reader, at, length, 'narrow'));
  return samples;
}

function findOddRuns(reader: Reader, start: number, end: number, encoding: Encoding): OddRun[] {
  const runs: OddRun[] = [];
  const odd = new OddRuns((run) => runs.push(run));
  const scanner = encoding.scanner(noHabits);
  const width: Width = encoding === utf16le ? 'wide' : 'narrow';
  for (let at = start; at < end; ) {
    reader.meter.step();
    const length = Math.min(PIECE, end - at);
    const isLast = at + length === end;
    const count = scanner.scan(withoutCodes(reader, at, length, width), isLast, costs);
    odd.push(costs, count, at, scanner.width);
    if (isLast) break;
    at += count * scanner.width;
  }
  odd.settle();
  return runs;
}

/** Word and PowerPoint mark cells, fields, pictures and breaks by control characters (MS-DOC §2.4.1). */
function withoutCodes(reader: Reader, at: number, length: number, width: Width): Uint8Array {
  const bytes = reader.copy(at, length, 'text');
  const step = width === 'wide' ? 2 : 1;
  for (let i = 0; i < length; i += step) {
    if (bytes[i]! < 0x20 && (step === 1 || bytes[i + 1] === 0) && isCode(bytes[i]!)) bytes[i] = 0x20;
  }
  return bytes;
}

function isCode(byte: number): boolean {
  return (byte >= 1 && byte <= 0x0f) || (byte >= 0x13 && byte <= 0x15) || byte === 0x1e || byte === 0x1f;
}
