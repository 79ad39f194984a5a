import type { Range } from '../bytes/range.ts';
import { Reader } from '../bytes/reader.ts';
import type { ByteSource } from '../bytes/source.ts';
import { kernel } from '../kernel/kernel.ts';
import { chiSquareOf, limitsFor } from '../kernel/uniform.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { accountByContrast } from './contrast.ts';

/** Distances of bytes that are alike in raw data: pixels of three bytes, grey, pixels of four; samples of 16 bits, such pixels. */
const lags = [3, 1, 4, 2, 6, 8] as const;
const SAMPLE = 4096;
const MOST_SAMPLES = 32;

/**
 * Accounts for raw ranges whose bytes take all values alike, and yet follow each other smoothly: pixels of photographs, loud
 * sounds. The differences of random bytes at any distance are random again, so that contrast tells of differences as it
 * tells of bytes; a run that it notices is longer by the distance.
 */
export function accountBySmoothness(reader: Reader, ledger: Ledger): void {
  const samples = chooseSamples(ledger);
  const lag = samples.length === 0 ? null : findLag(reader, samples);
  if (lag === null) return;
  const differences = new Reader(new Differences(reader.source, lag), reader.meter);
  accountByContrast(differences, ledger, { of: `differences ${lag} apart`, longer: lag });
}

/** Up to 32 stretches of 4 KiB, spread evenly over what is raw. */
function chooseSamples(ledger: Ledger): Range[] {
  const stretches = ledger
    .ranges('raw')
    .flatMap(({ start, end }) =>
      end - start < 2 * SAMPLE ? (end - start < 256 ? [] : [{ start, end }]) : spread(start, end),
    );
  const step = Math.ceil(stretches.length / MOST_SAMPLES);
  return stretches.filter((_, i) => i % step === 0);
}

function spread(start: number, end: number): Range[] {
  const count = Math.min(MOST_SAMPLES, Math.floor((end - start) / SAMPLE));
  const step = Math.floor((end - start) / count);
  return Array.from({ length: count }, (_, i) => ({
    start: start + i * step,
    end: start + i * step + SAMPLE,
  }));
}

/** The distance at which the differences are the furthest from random; null where they're random at all. */
function findLag(reader: Reader, samples: readonly Range[]): number | null {
  const excesses = lags.map(() => 0);
  for (const { start, end } of samples) {
    reader.meter.step();
    const bytes = reader.copy(start, Math.min(end - start, 2 * SAMPLE), 'raw data');
    for (const [i, lag] of lags.entries()) excesses[i]! += excessOf(differ(bytes, lag));
  }
  const most = Math.max(...excesses);
  return most > 0 ? lags[excesses.indexOf(most)]! : null;
}

function excessOf(bytes: Uint8Array): number {
  const x2 = chiSquareOf(kernel().squaresOf(bytes), bytes.length);
  return Math.max(0, x2 - limitsFor(bytes.length, 1e-9).upper);
}

function differ(bytes: Uint8Array, lag: number): Uint8Array {
  const differences = new Uint8Array(bytes.length - lag);
  for (let i = lag; i < bytes.length; i++) differences[i - lag] = bytes[i]! - bytes[i - lag]!;
  return differences;
}

/** Each byte of a source less the one `lag` bytes before it; the first ones as they are. */
class Differences implements ByteSource {
  readonly size: number;
  readonly #source: ByteSource;
  readonly #lag: number;
  readonly #before: Uint8Array;

  constructor(source: ByteSource, lag: number) {
    this.size = source.size;
    this.#source = source;
    this.#lag = lag;
    this.#before = new Uint8Array(lag);
  }

  read(into: Uint8Array, at: number): number {
    const length = this.#source.read(into, at);
    const lag = this.#lag;
    const before = this.#before.fill(0);
    if (at >= lag) this.#source.read(before, at - lag);
    else if (at > 0) this.#source.read(before.subarray(lag - at), 0);
    for (let i = length - 1; i >= lag; i--) into[i]! -= into[i - lag]!;
    for (let i = Math.min(lag, length) - 1; i >= 0; i--) into[i]! -= before[i]!;
    return length;
  }

  close(): void {}
}
