import zlib from 'node:zlib';
import { Broken, OverBudget, Truncated } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';
import { BufferSource } from '../bytes/source.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Context, Format } from './format.ts';
import { examineMember } from './member.ts';
import { accountDecoded } from './stored-parts.ts';
import { accountTail } from './tail.ts';

/** Node's decoder takes the whole stream at once: what is larger isn't examined. In bytes. */
const MOST_PACKED = 64 << 20;
const MOST_UNPACKED = 256 << 20;

export const brotli: Format = {
  id: 'brotli',
  title: 'Brotli',
  extensions: ['br'],
  signatures: [],
  spec: 'RFC 7932',
  proof: 'it decodes, to its last byte; nothing sums it up, so that it stays unproved',
  texture: 'dense',
  verify(reader: Reader, ledger: Ledger, context: Context): void {
    const { output, consumed } = decode(reader);
    reader.meter.produce(output.length);
    accountDecoded(ledger, { start: 0, end: consumed }, [], 'Brotli stream, which has no checksum');
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

function decode(reader: Reader): { readonly output: Uint8Array; readonly consumed: number } {
  if (reader.size > MOST_PACKED) throw new OverBudget('bytes of a Brotli stream', MOST_PACKED);
  const packed = Buffer.concat(Array.from(reader.stream(0, reader.size), (part) => Buffer.from(part)));
  try {
    const options = { info: true, maxOutputLength: MOST_UNPACKED };
    const { buffer, engine } = zlib.brotliDecompressSync(packed, options) as unknown as Info;
    return { output: buffer, consumed: engine.bytesWritten };
  } catch (error) {
    throw explain(error, reader.size);
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
