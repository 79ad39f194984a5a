import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Proof } from '../../ledger/terms.ts';
import type { Format, KnownFormat } from '../format.ts';
import { sealRange } from '../sealed.ts';

/** What a header says of the ciphertext behind it. */
export interface Opened extends Range {
  /** Cipher and key derivation as far as the header names them. */
  readonly strength?: string;
  /** What proves the bytes before the ciphertext, and those behind it; `structure` where left out. */
  readonly proof?: Proof;
  /** Shortest random run that the header notices, in bytes. */
  readonly floor: number;
}

/** One way of wrapping a file: a header, ciphertext, and perhaps a tag. */
export interface Envelope extends KnownFormat {
  readonly proof: string;
  readonly scheme: string;
  recognise?(head: Uint8Array, size: number): boolean;
  /** Checks all that can be checked without the key. @throws Broken, Truncated */
  open(reader: Reader): Opened;
}

/** The format of an envelope. */
export function sealedBy(envelope: Envelope): Format {
  const { open, scheme, ...known } = envelope;
  return {
    ...known,
    texture: 'dense',
    verify(reader: Reader, ledger: Ledger): void {
      const { start, end, strength, proof = 'structure', floor } = open(reader);
      if (start > end) throw new Truncated(end, `header of ${scheme}`, start - end);
      ledger.account(0, start, proof, `header of ${scheme}`, floor);
      sealRange(reader, ledger, { start, end }, { scheme, strength });
      ledger.account(end, reader.size, proof, `tag of ${scheme}`, floor);
    },
  };
}

/**
 * @param size bytes of all chunks together
 * @param chunk bytes of a whole chunk, its tag of `tag` bytes included
 * @throws Broken unless the last chunk holds something beside its tag
 */
export function expectChunks(at: number, size: number, chunk: number, tag: number): void {
  const rest = size % chunk;
  if (rest > 0 && rest <= tag)
    throw new Broken(at, 'length of the chunks', 'whole ones with their tags', size);
}

/** @throws Broken unless `size` is a multiple of `block` bytes, and not less than `least` */
export function expectBlocks(at: number, size: number, block: number, least = 0): void {
  if (size < least || size % block !== 0)
    throw new Broken(at, 'length of the ciphertext', `a multiple of ${block}, from ${least} on`, size);
}
