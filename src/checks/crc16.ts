const table = Uint16Array.from({ length: 256 }, (_, byte) => {
  let state = byte;
  for (let bit = 0; bit < 8; bit++) state = (state & 1) !== 0 ? (state >>> 1) ^ 0xa001 : state >>> 1;
  return state;
});

/** CRC-16/ARC: polynomial 0x8005, reflected; `before` is what it was of the bytes before. */
export function crc16(bytes: Uint8Array, before = 0): number {
  let state = before;
  for (let i = 0; i < bytes.length; i++) state = (state >>> 8) ^ table[(state ^ bytes[i]!) & 0xff]!;
  return state;
}
