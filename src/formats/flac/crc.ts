/** Tables of the two sums of FLAC frames (RFC 9639 sections 9.1.8 and 9.3): polynomials 07 and 8005, from zero. */
const table8 = new Uint8Array(256);
const table16 = new Uint16Array(256);
for (let i = 0; i < 256; i++) {
  let [narrow, wide] = [i, i << 8];
  for (let bit = 0; bit < 8; bit++) {
    narrow = ((narrow << 1) ^ ((narrow & 0x80) === 0 ? 0 : 0x07)) & 0xff;
    wide = ((wide << 1) ^ ((wide & 0x8000) === 0 ? 0 : 0x8005)) & 0xffff;
  }
  table8[i] = narrow;
  table16[i] = wide;
}

export function crc8(bytes: Uint8Array, start: number, end: number): number {
  let sum = 0;
  for (let i = start; i < end; i++) sum = table8[sum ^ bytes[i]!]!;
  return sum;
}

/** Polynomial 8005, not reflected, from `seed`: FLAC and AC-3 use it. */
export function crc16(bytes: Uint8Array, start: number, end: number, seed = 0): number {
  let sum = seed;
  for (let i = start; i < end; i++) sum = ((sum << 8) & 0xff00) ^ table16[(sum >>> 8) ^ bytes[i]!]!;
  return sum;
}
