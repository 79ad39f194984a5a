/**
 * A variable-length integer of SQLite (§1.6): seven bits a byte, big-endian, eight in the ninth byte.
 * Kept as a number: values beyond 2^53 lose their last bits, which matters to no check here.
 */
export class Varint {
  value = 0;
  /** Offset of the byte behind it. */
  end = 0;

  /** False where the bytes end before the integer does. */
  read(bytes: Uint8Array, at: number, limit: number): boolean {
    let value = 0;
    for (let i = 0; i < 9; i++) {
      if (at + i >= limit) return false;
      const byte = bytes[at + i]!;
      if (i === 8) return this.#take(value * 256 + byte, at + 9);
      value = value * 128 + (byte & 0x7f);
      if (byte < 0x80) return this.#take(value, at + i + 1);
    }
    return false;
  }

  #take(value: number, end: number): true {
    this.value = value;
    this.end = end;
    return true;
  }

  /** The value as a signed 64-bit integer, nearly: rowids may be negative. */
  get signed(): number {
    return this.value >= 2 ** 63 ? this.value - 2 ** 64 : this.value;
  }
}
