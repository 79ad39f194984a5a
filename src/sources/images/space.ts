import { ReadError } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { ByteSource } from '../../bytes/source.ts';
import { BLOCK, INPUT_SIZE, kernel } from '../../kernel/kernel.ts';
import { Statistics } from '../../kernel/statistics.ts';

/** What unused space is filled with, in bytes. */
export interface SpaceShares {
  readonly bytes: number;
  /** In blocks of 4 KiB that pass for random: remains of packed or encrypted files, or an overwrite. */
  readonly random: number;
  readonly zero: number;
  readonly other: number;
  readonly unreadable: number;
}

const zeros = Buffer.alloc(BLOCK);

/**
 * Reads the ranges, and tells random, zero and other blocks.
 * @param beat called for each piece, as a sign of life
 */
export function measureSpace(source: ByteSource, ranges: Iterable<Range>, beat: () => void): SpaceShares {
  const shares = new GrowingShares();
  for (const { start, end } of ranges) {
    for (let at = start; at < Math.min(end, source.size); at += INPUT_SIZE) {
      shares.addPiece(source, at, Math.min(end, source.size, at + INPUT_SIZE));
      beat();
    }
  }
  return shares.result();
}

class GrowingShares {
  readonly #statistics = new Statistics(0);
  #bytes = 0;
  #random = 0;
  #zero = 0;
  #unreadable = 0;

  addPiece(source: ByteSource, start: number, end: number): void {
    const piece = kernel().input.subarray(0, end - start);
    this.#bytes += piece.length;
    try {
      this.#addBlocks(piece.subarray(0, source.read(piece, start)));
    } catch (error) {
      if (!(error instanceof ReadError)) throw error;
      this.#unreadable += piece.length;
    }
  }

  result(): SpaceShares {
    const [bytes, random, zero, unreadable] = [this.#bytes, this.#random, this.#zero, this.#unreadable];
    return { bytes, random, zero, other: bytes - random - zero - unreadable, unreadable };
  }

  #addBlocks(bytes: Uint8Array): void {
    this.#statistics.reset(bytes.length);
    this.#statistics.observe(bytes, 0);
    for (let at = 0; at < bytes.length; at += BLOCK) {
      const block = bytes.subarray(at, at + BLOCK);
      if (this.#statistics.isUniform(at / BLOCK)) this.#random += block.length;
      else if (zeros.subarray(0, block.length).equals(block)) this.#zero += block.length;
    }
  }
}
