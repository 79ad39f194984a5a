// XXH32, XXH64, the CRC-64 of xz and Adler-32, compiled to WASM by scripts/build-wasm.mjs. See ../sums.ts and ../adler32.ts
// for their hosts.
//
// The host keeps the state of each sum and puts it at STATE before a call. Layout: four lanes of 8 bytes at 0, the
// unread rest of a stripe at 32, the number of bytes so far at 64, the result at 72.

const STATE: usize = 32768;
const REST: usize = STATE + 32;
const TOTAL: usize = STATE + 64;
const RESULT: usize = STATE + 72;
const TABLE: usize = 40960;
const INPUT: usize = 65536;

const A32: u32 = 2654435761;
const B32: u32 = 2246822519;
const C32: u32 = 3266489917;
const D32: u32 = 668265263;
const E32: u32 = 374761393;
const A64: u64 = 11400714785074694791;
const B64: u64 = 14029467366897019727;
const C64: u64 = 1609587929392839161;
const D64: u64 = 9650029242287828579;
const E64: u64 = 2870177450012600261;

memory.grow(3);

export function stateAt(): usize { return STATE; }
export function inputAt(): usize { return INPUT; }
export function inputSize(): usize { return 65536; }

export function begin32(): void {
  memory.fill(STATE, 0, 80);
  store<u32>(STATE, A32 + B32);
  store<u32>(STATE, B32, 8);
  store<u32>(STATE, 0, 16);
  store<u32>(STATE, 0 - A32, 24);
}

export function begin64(): void {
  memory.fill(STATE, 0, 80);
  store<u64>(STATE, A64 + B64);
  store<u64>(STATE, B64, 8);
  store<u64>(STATE, 0, 16);
  store<u64>(STATE, 0 - A64, 24);
}

/** Adds the rest of the last call before the input; gives where to begin. There are 32 free bytes before INPUT. */
function joinRest(stripe: usize, length: usize): usize {
  const total = load<u64>(TOTAL);
  const rest = <usize>total & (stripe - 1);
  store<u64>(TOTAL, total + length);
  memory.copy(INPUT - rest, REST, rest);
  return INPUT - rest;
}

export function add32(length: usize): void {
  let at = joinRest(16, length);
  const end = INPUT + length;
  let a = load<u32>(STATE);
  let b = load<u32>(STATE, 8);
  let c = load<u32>(STATE, 16);
  let d = load<u32>(STATE, 24);
  for (; at + 16 <= end; at += 16) {
    a = rotl(a + load<u32>(at) * B32, 13) * A32;
    b = rotl(b + load<u32>(at, 4) * B32, 13) * A32;
    c = rotl(c + load<u32>(at, 8) * B32, 13) * A32;
    d = rotl(d + load<u32>(at, 12) * B32, 13) * A32;
  }
  store<u32>(STATE, a);
  store<u32>(STATE, b, 8);
  store<u32>(STATE, c, 16);
  store<u32>(STATE, d, 24);
  memory.copy(REST, at, end - at);
}

export function end32(): void {
  const total = load<u64>(TOTAL);
  let h = total < 16
    ? E32
    : rotl(load<u32>(STATE), 1) + rotl(load<u32>(STATE, 8), 7) + rotl(load<u32>(STATE, 16), 12) + rotl(load<u32>(STATE, 24), 18);
  h += <u32>total;
  let at = REST;
  const end = REST + (<usize>total & 15);
  for (; at + 4 <= end; at += 4) h = rotl(h + load<u32>(at) * C32, 17) * D32;
  for (; at < end; at++) h = rotl(h + <u32>load<u8>(at) * E32, 11) * A32;
  h = (h ^ h >>> 15) * B32;
  h = (h ^ h >>> 13) * C32;
  store<u64>(RESULT, h ^ h >>> 16);
}

// @ts-ignore: decorator
@inline
function round64(lane: u64, value: u64): u64 {
  return rotl(lane + value * B64, 31) * A64;
}

export function add64(length: usize): void {
  let at = joinRest(32, length);
  const end = INPUT + length;
  let a = load<u64>(STATE);
  let b = load<u64>(STATE, 8);
  let c = load<u64>(STATE, 16);
  let d = load<u64>(STATE, 24);
  for (; at + 32 <= end; at += 32) {
    a = round64(a, load<u64>(at));
    b = round64(b, load<u64>(at, 8));
    c = round64(c, load<u64>(at, 16));
    d = round64(d, load<u64>(at, 24));
  }
  store<u64>(STATE, a);
  store<u64>(STATE, b, 8);
  store<u64>(STATE, c, 16);
  store<u64>(STATE, d, 24);
  memory.copy(REST, at, end - at);
}

export function end64(): void {
  const total = load<u64>(TOTAL);
  let h = E64;
  if (total >= 32) {
    h = rotl(load<u64>(STATE), 1) + rotl(load<u64>(STATE, 8), 7) + rotl(load<u64>(STATE, 16), 12) + rotl(load<u64>(STATE, 24), 18);
    for (let lane: usize = 0; lane < 32; lane += 8) h = (h ^ round64(0, load<u64>(STATE + lane))) * A64 + D64;
  }
  h += total;
  let at = REST;
  const end = REST + (<usize>total & 31);
  for (; at + 8 <= end; at += 8) h = rotl(h ^ round64(0, load<u64>(at)), 27) * A64 + D64;
  for (; at + 4 <= end; at += 4) h = rotl(h ^ <u64>load<u32>(at) * A64, 23) * B64 + C64;
  for (; at < end; at++) h = rotl(h ^ <u64>load<u8>(at) * E64, 11) * A64;
  h = (h ^ h >>> 33) * B64;
  h = (h ^ h >>> 29) * C64;
  store<u64>(RESULT, h ^ h >>> 32);
}

/** ECMA-182, reflected; eight tables, so that eight bytes go at a time. */
export function beginCrc64(): void {
  memory.fill(STATE, 0, 80);
  store<u64>(STATE, 0xffffffffffffffff);
  if (load<u64>(TABLE, 8) != 0) return;
  for (let i: usize = 0; i < 256; i++) {
    let value = <u64>i;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? value >>> 1 ^ 0xc96c5795d7870f42 : value >>> 1;
    store<u64>(TABLE + (i << 3), value);
  }
  for (let i: usize = 256; i < 2048; i++) {
    const value = load<u64>(TABLE + ((i - 256) << 3));
    store<u64>(TABLE + (i << 3), value >>> 8 ^ load<u64>(TABLE + (<usize>(value & 0xff) << 3)));
  }
}

// @ts-ignore: decorator
@inline
function fold(value: u64, shift: u64, table: usize): u64 {
  return load<u64>(TABLE + (table << 11) + (<usize>(value >>> shift & 0xff) << 3));
}

export function addCrc64(length: usize): void {
  let at = INPUT;
  const end = INPUT + length;
  let crc = load<u64>(STATE);
  for (; at + 8 <= end; at += 8) {
    const v = crc ^ load<u64>(at);
    crc =
      fold(v, 0, 7) ^ fold(v, 8, 6) ^ fold(v, 16, 5) ^ fold(v, 24, 4) ^ fold(v, 32, 3) ^ fold(v, 40, 2) ^ fold(v, 48, 1) ^ fold(v, 56, 0);
  }
  for (; at < end; at++) crc = crc >>> 8 ^ fold(crc ^ load<u8>(at), 0, 0);
  store<u64>(STATE, crc);
}

export function endCrc64(): void {
  store<u64>(RESULT, ~load<u64>(STATE));
}

/** The largest prime below 2^16 (RFC 1950 §8.2). */
const MODULUS: u32 = 65521;
/** So many bytes can be summed before the second sum leaves 32 bits; a multiple of 16. */
const BETWEEN_MODULI: usize = 5552;

/** Goes on from `seed` with the input. Sixteen bytes a turn: 8 times as fast as one by one. */
export function addAdler32(length: usize, seed: u32): u32 {
  let a = seed & 0xffff;
  let b = seed >>> 16;
  const end = INPUT + length;
  const high = i16x8(16, 15, 14, 13, 12, 11, 10, 9);
  const low = i16x8(8, 7, 6, 5, 4, 3, 2, 1);
  for (let at = INPUT; at < end; ) {
    const stop = min(at + BETWEEN_MODULI, end);
    const turns = <u32>(stop - at) >>> 4;
    // What the bytes before each turn add to the first sum; each then counts sixteen times in the second.
    let before = i32x4.splat(0);
    let sums = i32x4.splat(0);
    let weighted = i32x4.splat(0);
    for (; at + 16 <= stop; at += 16) {
      const bytes = v128.load(at);
      before = i32x4.add(before, sums);
      sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(bytes)));
      weighted = i32x4.add(weighted, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(bytes), high));
      weighted = i32x4.add(weighted, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(bytes), low));
    }
    b += 16 * (turns * a + sumOf(before)) + sumOf(weighted);
    a += sumOf(sums);
    for (; at < stop; at++) {
      a += load<u8>(at);
      b += a;
    }
    a %= MODULUS;
    b %= MODULUS;
  }
  return b << 16 | a;
}

// @ts-ignore: decorator
@inline
function sumOf(lanes: v128): u32 {
  return i32x4.extract_lane(lanes, 0) + i32x4.extract_lane(lanes, 1) + i32x4.extract_lane(lanes, 2) + i32x4.extract_lane(lanes, 3);
}
