import type { Reader } from '../bytes/reader.ts';
import type { ByteSource } from '../bytes/source.ts';
import { inflate } from './inflate.ts';
import { InflatedSource } from './inflated-source.ts';
import { RestartedSource } from './restarted-source.ts';

export interface Decoded {
  /** Bytes of input that were taken. */
  readonly consumed: number;
  /** Bytes of output. */
  readonly produced: number;
}

/**
 * Decodes the stream that begins at `start` and must end before `end`. The output is metered and goes to `sink` in
 * pieces, each valid during the call only; a sink that returns false ends it there. `size` is how many bytes come out,
 * where the container says so: streams without an end mark need it.
 * @throws Broken, Truncated, OverBudget
 */
export type Decode = (
  reader: Reader,
  start: number,
  end: number,
  sink: (output: Uint8Array) => unknown,
  size?: number,
) => Decoded;

/** A way in which members of containers are packed. */
export interface Decoder {
  readonly decode: Decode;
  /** What the stream unpacks to, `size` bytes, decoded again as it is read. The reader is for this source alone. */
  readonly reopen: (reader: Reader, start: number, end: number, size: number) => ByteSource;
}

/** Makes a decoder of a method that can only be decoded from its beginning. */
export function restarting(decode: Decode): Decoder {
  return {
    decode,
    reopen: (reader, start, end, size) =>
      new RestartedSource(size, (sink) => {
        decode(reader, start, end, sink);
      }),
  };
}

export const deflate: Decoder = {
  decode: (reader, start, end, sink) => inflate(reader, start, end, sink),
  reopen: (reader, start, end, size) => new InflatedSource(reader, start, end, size),
};

export const deflate64: Decoder = {
  decode: (reader, start, end, sink) => inflate(reader, start, end, sink, 'deflate64'),
  reopen: (reader, start, end, size) => new InflatedSource(reader, start, end, size, 'deflate64'),
};
