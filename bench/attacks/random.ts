import { createCipheriv } from 'node:crypto';

/** A small, seeded source of numbers (SplitMix64), so that every run makes the same attacks. */
export class Random {
  #state: bigint;

  constructor(seed: number | bigint) {
    this.#state = BigInt.asUintN(64, BigInt(seed));
  }

  #next(): bigint {
    this.#state = BigInt.asUintN(64, this.#state + 0x9e3779b97f4a7c15n);
    let z = this.#state;
    z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
    z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
    return z ^ (z >> 31n);
  }

  /** A whole number from 0 up to, not including, `limit`. */
  below(limit: number): number {
    return Number(this.#next() % BigInt(Math.max(1, limit)));
  }

  /** More than a few hundred come from ChaCha20 under a key that is drawn. */
  bytes(length: number): Buffer {
    if (length > 512)
      return createCipheriv('chacha20', this.bytes(32), this.bytes(16)).update(Buffer.alloc(length));
    const bytes = Buffer.alloc(Math.ceil(length / 8) * 8);
    for (let at = 0; at < bytes.length; at += 8) bytes.writeBigUInt64LE(this.#next(), at);
    return bytes.subarray(0, length);
  }
}
