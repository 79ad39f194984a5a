/** RFC 9580 §6.1.1. */
const INITIAL = 0xb704ce;
const POLYNOMIAL = 0x1864cfb;

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte << 16;
  for (let bit = 0; bit < 8; bit++) rest = (rest << 1) ^ ((rest & 0x800000) === 0 ? 0 : POLYNOMIAL);
  return rest & 0xffffff;
});

/** CRC-24 of OpenPGP armour. */
export function crc24(bytes: Uint8Array): number {
  let crc = INITIAL;
  for (const byte of bytes) crc = ((crc << 8) ^ table[((crc >> 16) ^ byte) & 0xff]!) & 0xffffff;
  return crc;
}
