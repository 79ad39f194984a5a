import { type InflateRaw, inflateRawSync } from 'node:zlib';
import { Broken, OverBudget } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';

export interface Inflated {
  /** Bytes of input that the stream took, its last partial byte included. */
  readonly consumed: number;
  /** Bytes of output. */
  readonly produced: number;
}

const MOST_INPUT = 64 << 20;
const MOST_OUTPUT = 256 << 20;

/**
 * Decodes one raw deflate stream (RFC 1951) that begins at `start` and must end before `end`.
 * The output goes to `sink` in pieces, each valid during the call only.
 * @throws Broken at the input byte where the stream contradicts RFC 1951; OverBudget
 */
export function inflate(
  reader: Reader,
  start: number,
  end: number,
  sink: (output: Uint8Array) => void,
): Inflated {
  const length = Math.min(end - start, MOST_INPUT);
  const input = Buffer.concat([...reader.stream(start, start + length)].map((part) => Buffer.from(part)));
  const { buffer, engine } = inflateAll(input, start);
  reader.meter.produce(buffer.length);
  sink(buffer);
  return { consumed: engine.bytesWritten, produced: buffer.length };
}

function inflateAll(input: Buffer, start: number): { buffer: Buffer; engine: InflateRaw } {
  try {
    const result: unknown = inflateRawSync(input, { info: true, maxOutputLength: MOST_OUTPUT });
    return result as { buffer: Buffer; engine: InflateRaw };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw new OverBudget('bytes inflated', MOST_OUTPUT);
    throw new Broken(start, `deflate stream: ${message}`);
  }
}
