import zlib from 'node:zlib';
import { Broken, OverBudget, Truncated } from '../bytes/errors.ts';
import type { Meter } from '../bytes/meter.ts';
import type { Reader } from '../bytes/reader.ts';
import { BufferSource } from '../bytes/source.ts';
import { encodes, settingsOf } from '../checks/brotli-again.ts';
import { noticesOverwrites, TRIED_FLOOR } from '../checks/overwrite-trials.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Context, Format } from './format.ts';
import { examineMember } from './member.ts';
import { accountDecoded, LONG_RUN } from './stored-parts.ts';
import { accountTail } from './tail.ts';

/** Node's decoder takes the whole stream at once: what is larger isn't examined. In bytes. */
const MOST_PACKED = 64 << 20;
const MOST_UNPACKED = 256 << 20;
/** Larger streams are not decoded some thousand times, in bytes. */
const MOST_TRIED = 1 << 18;
const MOST_TRIED_CONTENT = 2 << 20;

export const brotli: Format = {
  id: 'brotli',
  title: 'Brotli',
  extensions: ['br'],
  signatures: [],
  spec: 'RFC 7932',
  proof:
    'it decodes, to its last byte, and the reference encoder makes the same of its content; trial overwrites of the file at hand show whether that is proof',
  texture: 'dense',
  verify(reader: Reader, ledger: Ledger, context: Context): void {
    const packed = readPacked(reader);
    const { output, consumed } = decodeBrotli(packed, reader.size, MOST_UNPACKED);
    reader.meter.produce(output.length);
    const floor = floorOf(packed.subarray(0, consumed), output, reader.meter);
    accountDecoded(ledger, { start: 0, end: consumed }, [], 'Brotli stream, which has no checksum', floor);
    accountTail(reader, ledger, consumed);
    const name = context.name.replace(/\.br$/i, '');
    examineMember(context, ledger, name, new BufferSource(output), { start: 0, end: consumed });
  },
};

/** What Node's declarations leave out of the `info` option. */
interface Info {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

interface Decoded {
  readonly output: Buffer;
  readonly consumed: number;
}

/**
 * A stream says how long its parts are (RFC 7932 §9.2), so that most random bytes end it in the wrong place, or reach
 * back too far. Where they don't, they decode to what the encoder would have put otherwise, except for digits, base64
 * and the like, in which it finds nothing to refer to. So it's tried.
 */
function floorOf(stream: Buffer, output: Buffer, meter: Meter): number {
  if (stream.length > MOST_TRIED || output.length > MOST_TRIED_CONTENT) return LONG_RUN;
  const settings = settingsOf(stream, output);
  const passes = (tried: Uint8Array): boolean => {
    meter.step(1 + (output.length >> 8));
    const content = contentOf(tried);
    return content !== null && (settings === null || encodes(content, settings, tried));
  };
  return noticesOverwrites(stream, passes) ? TRIED_FLOOR : LONG_RUN;
}

/** Null where it doesn't decode to its last byte. */
function contentOf(stream: Uint8Array): Buffer | null {
  try {
    const { output, consumed } = decodeBrotli(stream, stream.length, 2 * MOST_TRIED_CONTENT);
    return consumed === stream.length ? output : null;
  } catch (error) {
    if (error instanceof Broken || error instanceof OverBudget) return null;
    throw error;
  }
}

function readPacked(reader: Reader): Buffer {
  if (reader.size > MOST_PACKED) throw new OverBudget('bytes of a Brotli stream', MOST_PACKED);
  return reader.whole(0, reader.size);
}

/** One whole stream. @throws Broken, Truncated, OverBudget where it isn’t one, or gives more than `most` bytes */
export function decodeBrotli(packed: Uint8Array, size: number, most: number): Decoded {
  try {
    const options = { info: true, maxOutputLength: most };
    const { buffer, engine } = zlib.brotliDecompressSync(packed, options) as unknown as Info;
    return { output: buffer, consumed: engine.bytesWritten };
  } catch (error) {
    throw explain(error, size);
  }
}

/** Node says what is wrong by code, and not where. */
function explain(error: unknown, size: number): Error {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ERR_BUFFER_TOO_LARGE') return new OverBudget('bytes out of a Brotli stream', MOST_UNPACKED);
  if (code === 'Z_BUF_ERROR' || code === 'ERR_BUFFER_OUT_OF_BOUNDS')
    return new Truncated(size, 'Brotli stream', 1);
  return new Broken(0, 'Brotli stream', 'RFC 7932', code);
}
