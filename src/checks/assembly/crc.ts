// CRC-32C and the CRC-64 of Redis, compiled to WASM by scripts/build-wasm.mjs. See ../crc32c.ts and ../crc64-jones.ts
// for their hosts. Eight tables each, so that eight bytes go at a time.

const TABLE32: usize = 32768;
const TABLE64: usize = 45056;
const INPUT: usize = 65536;
const SIZE: usize = 65536;

memory.grow(2);

export function inputAt(): usize { return INPUT; }
export function inputSize(): usize { return SIZE; }

/** RFC 3720 §12.1: the polynomial 1EDC6F41, reflected. */
function fill32(): void {
  for (let i: usize = 0; i < 256; i++) {
    let value = <u32>i;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? value >>> 1 ^ 0x82f63b78 : value >>> 1;
    store<u32>(TABLE32 + (i << 2), value);
  }
  for (let i: usize = 256; i < 2048; i++) {
    const value = load<u32>(TABLE32 + ((i - 256) << 2));
    store<u32>(TABLE32 + (i << 2), value >>> 8 ^ load<u32>(TABLE32 + (<usize>(value & 0xff) << 2)));
  }
}

/** Redis, crc64.c: the polynomial AD93D23594C935A9 of Jones, reflected. */
function fill64(): void {
  for (let i: usize = 0; i < 256; i++) {
    let value = <u64>i;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? value >>> 1 ^ 0x95ac9329ac4bc9b5 : value >>> 1;
    store<u64>(TABLE64 + (i << 3), value);
  }
  for (let i: usize = 256; i < 2048; i++) {
    const value = load<u64>(TABLE64 + ((i - 256) << 3));
    store<u64>(TABLE64 + (i << 3), value >>> 8 ^ load<u64>(TABLE64 + (<usize>(value & 0xff) << 3)));
  }
}

fill32();
fill64();

// @ts-ignore: decorator
@inline
function at32(value: u64, shift: u64, table: usize): u32 {
  return load<u32>(TABLE32 + (table << 10) + (<usize>(value >>> shift & 0xff) << 2));
}

// @ts-ignore: decorator
@inline
function at64(value: u64, shift: u64, table: usize): u64 {
  return load<u64>(TABLE64 + (table << 11) + (<usize>(value >>> shift & 0xff) << 3));
}

/** Goes on with a register that isn't inverted; gives it likewise. */
export function crc32c(length: usize, state: u32): u32 {
  let at = INPUT;
  const end = INPUT + length;
  let crc = state;
  for (; at + 8 <= end; at += 8) {
    const v = <u64>crc ^ load<u64>(at);
    crc =
      at32(v, 0, 7) ^ at32(v, 8, 6) ^ at32(v, 16, 5) ^ at32(v, 24, 4) ^ at32(v, 32, 3) ^ at32(v, 40, 2) ^ at32(v, 48, 1) ^ at32(v, 56, 0);
  }
  for (; at < end; at++) crc = crc >>> 8 ^ at32(crc ^ load<u8>(at), 0, 0);
  return crc;
}

export function crc64(length: usize, state: u64): u64 {
  let at = INPUT;
  const end = INPUT + length;
  let crc = state;
  for (; at + 8 <= end; at += 8) {
    const v = crc ^ load<u64>(at);
    crc =
      at64(v, 0, 7) ^ at64(v, 8, 6) ^ at64(v, 16, 5) ^ at64(v, 24, 4) ^ at64(v, 32, 3) ^ at64(v, 40, 2) ^ at64(v, 48, 1) ^ at64(v, 56, 0);
  }
  for (; at < end; at++) crc = crc >>> 8 ^ at64(crc ^ load<u8>(at), 0, 0);
  return crc;
}
