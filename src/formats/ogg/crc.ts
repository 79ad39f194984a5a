/** CRC-32 of Ogg pages (RFC 3533 section 6): polynomial 04C11DB7, not reflected, from zero; eight bytes at a step. */
const tables = Array.from({ length: 8 }, () => new Uint32Array(256));
for (let i = 0; i < 256; i++) {
  let sum = i << 24;
  for (let bit = 0; bit < 8; bit++) sum = (sum << 1) ^ (sum < 0 ? 0x04c11db7 : 0);
  tables[0]![i] = sum;
}
for (let k = 1; k < 8; k++) {
  for (let i = 0; i < 256; i++) {
    const before = tables[k - 1]![i]!;
    tables[k]![i] = (before << 8) ^ tables[0]![before >>> 24]!;
  }
}
const [t0, t1, t2, t3] = [tables[0]!, tables[1]!, tables[2]!, tables[3]!];
const [t4, t5, t6, t7] = [tables[4]!, tables[5]!, tables[6]!, tables[7]!];

/** Also the sum of sections of MPEG transport streams, from a seed of all ones. */
export function crc32Forward(bytes: Uint8Array, start: number, end: number, seed = 0): number {
  let sum = seed;
  let i = start;
  for (; i + 8 <= end; i += 8) {
    sum ^= (bytes[i]! << 24) | (bytes[i + 1]! << 16) | (bytes[i + 2]! << 8) | bytes[i + 3]!;
    sum =
      t7[sum >>> 24]! ^
      t6[(sum >>> 16) & 255]! ^
      t5[(sum >>> 8) & 255]! ^
      t4[sum & 255]! ^
      t3[bytes[i + 4]!]! ^
      t2[bytes[i + 5]!]! ^
      t1[bytes[i + 6]!]! ^
      t0[bytes[i + 7]!]!;
  }
  for (; i < end; i++) sum = (sum << 8) ^ t0[(sum >>> 24) ^ bytes[i]!]!;
  return sum >>> 0;
}
