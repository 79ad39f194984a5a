/**
 * Bits of a frame, the highest first. Reads beyond the end give zeros: whoever reads asks for `isBeyond` now and then.
 * One look at 32 bits decodes most Rice codes.
 */
export class Bits {
  bytes: Uint8Array;
  /** In bits from the start of `bytes`. */
  at = 0;
  limit = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** Sets the position, in bytes, and where the bytes end. */
  seek(byte: number, end: number): void {
    this.at = byte * 8;
    this.limit = end * 8;
  }

  get isBeyond(): boolean {
    return this.at > this.limit;
  }

  /** The next 32 bits as a signed number, without taking them. */
  peek(): number {
    const { bytes } = this;
    const i = this.at >>> 3;
    const shift = this.at & 7;
    const word = (bytes[i]! << 24) | (bytes[i + 1]! << 16) | (bytes[i + 2]! << 8) | bytes[i + 3]!;
    // At a shift of 0 nothing of the fifth byte is left.
    return (word << shift) | (bytes[i + 4]! >>> (8 - shift));
  }

  /** Takes 0 to 32 bits as an unsigned number. */
  take(count: number): number {
    if (count === 0) return 0;
    const value = this.peek() >>> (32 - count);
    this.at += count;
    return value;
  }

  /** Takes 1 to 33 bits as a number in two's complement. */
  takeSigned(count: number): number {
    if (count <= 32) {
      const value = this.peek() >> (32 - count);
      this.at += count;
      return value;
    }
    const high = this.take(1);
    return this.take(32) - high * 2 ** 32;
  }

  /** Counts zeros before the next one and takes it; more than `most` end at the limit. */
  takeUnary(): number {
    let zeros = 0;
    while (this.at <= this.limit) {
      const here = Math.clz32(this.peek());
      if (here < 32) {
        this.at += here + 1;
        return zeros + here;
      }
      zeros += 32;
      this.at += 32;
    }
    return zeros;
  }

  align(): void {
    this.at = (this.at + 7) & ~7;
  }
}
