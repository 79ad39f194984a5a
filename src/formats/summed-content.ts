import { Broken, OverBudget, Truncated } from '../bytes/errors.ts';
import type { Range } from '../bytes/range.ts';
import type { Reader } from '../bytes/reader.ts';
import { type ByteSource, SliceSource } from '../bytes/source.ts';
import type { Decoder } from '../checks/decoder.ts';
import { unpack } from '../checks/unpack.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Context } from './format.ts';
import { examineMember } from './member.ts';

/** A sum over the unpacked bytes, taken in pieces. */
export interface Sum {
  /** In the format's words: `CRC-16`. */
  readonly title: string;
  /** The shortest random overwrite of packed bytes, in bytes, that sum and length let pass with less than 10⁻⁶. */
  readonly floor: number;
  readonly add: (bytes: Uint8Array, before: number) => number;
}

/** A file in an archive, as its header tells. */
export interface SummedContent extends Range {
  readonly name: string;
  /** Bytes as unpacked. */
  readonly size: number;
  readonly stored: number;
  readonly sum: Sum;
  /** Null where it stands there as it is. */
  readonly decoder: Decoder | null;
}

/** Unpacks a file, compares length and sum, accounts for it, and examines it. What contradicts is noted. */
export function accountSummed(
  reader: Reader,
  ledger: Ledger,
  context: Context,
  content: SummedContent,
): void {
  const { start, end, name } = content;
  if (end > reader.size) {
    ledger.broken(new Truncated(reader.size, `data of ${name}`, end - reader.size));
    return;
  }
  let source: ByteSource;
  try {
    source = verifySummed(reader, content);
  } catch (error) {
    if (error instanceof OverBudget || !(error instanceof Broken)) throw error;
    ledger.broken(error, end);
    return;
  }
  ledger.account(start, end, 'checksum', `${content.sum.title} of a file`, content.sum.floor);
  if (source.size > 0) examineMember(context, ledger, name, source, { start, end });
}

/** @throws Broken, Truncated, OverBudget */
function verifySummed(reader: Reader, content: SummedContent): ByteSource {
  const { start, end, name, size, stored, sum, decoder } = content;
  let computed = 0;
  const add = (bytes: Uint8Array): void => {
    computed = sum.add(bytes, computed);
  };
  let source: ByteSource;
  if (decoder === null) {
    for (const part of reader.stream(start, end, name)) add(part);
    source = new SliceSource(reader.source, start, end);
  } else {
    const unpacked = unpack(decoder, reader, start, end, add, size);
    if (unpacked.consumed !== end - start)
      throw new Broken(start, `packed size of ${name}`, end - start, unpacked.consumed);
    source = unpacked.source;
  }
  if (source.size !== size) throw new Broken(start, `size of ${name}`, size, source.size);
  if (computed !== stored) throw new Broken(start, `${sum.title} of ${name}`, stored, computed);
  return source;
}
