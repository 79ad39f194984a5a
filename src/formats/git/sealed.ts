import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format, Signature } from '../format.ts';
import { isZeroFilled } from '../tail.ts';
import { verifyTrailer } from './trailer.ts';

/** Files that end with a digest of all that stands before. */
function sealed(
  id: string,
  title: string,
  extensions: readonly string[],
  signatures: readonly Signature[],
): Format {
  return {
    id,
    title,
    extensions,
    signatures,
    spec: 'git documentation: gitformat-index, gitformat-pack, gitformat-commit-graph',
    proof: 'SHA-1 or SHA-256 of the file at its end',
    texture: 'dense',
    verify: verifySealed,
  };
}

export const gitIndex = sealed(
  'git-index',
  'Git index',
  [],
  [{ at: 0, hex: '4449524300000000', mask: 'fffffffffffffff8' }],
);
export const gitPackIndex = sealed(
  'git-pack-index',
  'Git pack index',
  [],
  [{ at: 0, hex: 'ff744f6300000002' }],
);
export const gitMultiPackIndex = sealed(
  'git-midx',
  'Git multi-pack index',
  [],
  [{ at: 0, hex: '4d49445801' }],
);
export const gitCommitGraph = sealed(
  'git-commit-graph',
  'Git commit graph',
  [],
  [{ at: 0, hex: '4347504801' }],
);
export const gitReverseIndex = sealed(
  'git-rev',
  'Git reverse index',
  [],
  [{ at: 0, hex: '5249445800000001' }],
);
export const gitBitmap = sealed(
  'git-bitmap',
  'Git reachability bitmaps',
  [],
  [{ at: 0, hex: '4249544d0001' }],
);

function verifySealed(reader: Reader, ledger: Ledger): void {
  if (isUnsealed(reader)) {
    ledger.account(0, 4, 'structure', 'magic');
    ledger.raw(4, reader.size - 20, 'contents without a digest');
    ledger.account(reader.size - 20, reader.size, 'padding', 'no digest');
    ledger.oddity(reader.size - 20, 'the digest was left out (index.skipHash)');
    return;
  }
  try {
    const length = verifyTrailer(reader, 0, reader.size);
    ledger.account(0, reader.size, 'checksum', length === 20 ? 'SHA-1 of the file' : 'SHA-256 of the file');
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    ledger.account(0, 4, 'structure', 'magic');
    ledger.broken(error);
  }
}

/** git 2.40 can leave zeros in place of the digest. */
function isUnsealed(reader: Reader): boolean {
  return reader.size > 32 && isZeroFilled(reader, reader.size - 20, reader.size);
}
