/** The two sums of a checksum, each 32 bits. */
export type Sums = readonly [number, number];

/** SQLite's running checksum over pairs of 32-bit words (§4.2), in one of two byte orders. */
export class WordSum {
  readonly #bigEndian: boolean;

  constructor(bigEndian: boolean) {
    this.#bigEndian = bigEndian;
  }

  /** @param bytes a multiple of eight of them */
  over(bytes: Uint8Array, [first, second]: Sums): Sums {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const little = !this.#bigEndian;
    let a = first;
    let b = second;
    for (let at = 0; at + 8 <= bytes.length; at += 8) {
      a = (a + view.getUint32(at, little) + b) >>> 0;
      b = (b + view.getUint32(at + 4, little) + a) >>> 0;
    }
    return [a, b];
  }
}
