import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { ByteSource } from '../../bytes/source.ts';
import { crc32 } from '../../checks/crc32.ts';
import { unpack } from '../../checks/unpack.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Header } from './layout.ts';
import { methods } from './methods.ts';

/** What the header promises of the content, and where it stands. */
export interface Content extends Range {
  readonly method: number;
  readonly sum: number;
  /** Bytes as unpacked. */
  readonly size: number;
}

export function contentOf({ method, sum, size, packedSize }: Header, start: number): Content {
  return { method, sum, size, start, end: start + packedSize };
}

/**
 * Decodes the content, compares length and CRC-32, and accounts for it. Gives it unpacked; null where nobody here can
 * decode it, which is noted.
 * @throws Broken, Truncated, OverBudget
 */
export function verifyContent(reader: Reader, ledger: Ledger, content: Content): ByteSource | null {
  const { start, end, method, sum, size } = content;
  if (end > reader.size) throw new Truncated(reader.size, 'content', end - reader.size);
  const decoder = methods[method]?.decoder;
  if (decoder === undefined) {
    const title = methods[method]?.title ?? `method ${method}`;
    ledger.coded(start, end, title);
    ledger.unexamined(start, end, `packed by ${title}`);
    return null;
  }
  let computed = 0;
  let length = 0;
  const watch = (output: Uint8Array): void => {
    computed = crc32(output, computed);
    length += output.length;
    if (length > size) throw new Broken(start, 'size of the content', size, `more than ${size}`);
  };
  const { consumed, source } = unpack(decoder, reader, start, end, watch, size);
  if (length !== size) throw new Broken(start, 'size of the content', size, length);
  if (computed !== sum) throw new Broken(start, 'CRC-32 of the content', sum, computed);
  if (consumed !== end - start) throw new Broken(start + consumed, 'packed size', end - start, consumed);
  ledger.account(start, end, 'checksum', 'CRC-32 of the content');
  return source;
}
