import type { Bits } from './bits.ts';

const coefficients = new Float64Array(32);

/**
 * Decodes one channel of a frame (RFC 9639 section 9.2) into `samples`. Returns false where the bits are none that an
 * encoder may write. Numbers are doubles: sums of 32 products of 33 and 15 bits stay exact.
 */
export function decodeSubframe(bits: Bits, samples: Float64Array, count: number, depth: number): boolean {
  if (bits.take(1) !== 0) return false;
  const type = bits.take(6);
  const wasted = bits.take(1) === 0 ? 0 : bits.takeUnary() + 1;
  const own = depth - wasted;
  if (own < 1 || !decodeKind(bits, samples, count, own, type)) return false;
  if (wasted > 0) for (let i = 0; i < count; i++) samples[i]! *= 2 ** wasted;
  return !bits.isBeyond;
}

function decodeKind(bits: Bits, samples: Float64Array, count: number, depth: number, type: number): boolean {
  if (type === 0) {
    samples.fill(bits.takeSigned(depth), 0, count);
    return true;
  }
  if (type === 1) {
    for (let i = 0; i < count; i++) samples[i] = bits.takeSigned(depth);
    return true;
  }
  if (type >= 8 && type <= 12) return decodeFixed(bits, samples, count, depth, type - 8);
  return type >= 32 && decodeLinear(bits, samples, count, depth, type - 31);
}

function warmUp(bits: Bits, samples: Float64Array, depth: number, order: number): void {
  for (let i = 0; i < order; i++) samples[i] = bits.takeSigned(depth);
}

function decodeFixed(
  bits: Bits,
  samples: Float64Array,
  count: number,
  depth: number,
  order: number,
): boolean {
  if (order > count) return false;
  warmUp(bits, samples, depth, order);
  if (!decodeResidual(bits, samples, count, order)) return false;
  // Polynomial predictors (section 9.2.5) are running sums: as often as their order says.
  const s = samples;
  if (order === 1) for (let i = 1; i < count; i++) s[i]! += s[i - 1]!;
  else if (order === 2) for (let i = 2; i < count; i++) s[i]! += 2 * s[i - 1]! - s[i - 2]!;
  else if (order === 3) for (let i = 3; i < count; i++) s[i]! += 3 * (s[i - 1]! - s[i - 2]!) + s[i - 3]!;
  else if (order === 4)
    for (let i = 4; i < count; i++) s[i]! += 4 * (s[i - 1]! + s[i - 3]!) - 6 * s[i - 2]! - s[i - 4]!;
  return true;
}

function decodeLinear(
  bits: Bits,
  samples: Float64Array,
  count: number,
  depth: number,
  order: number,
): boolean {
  if (order > count) return false;
  warmUp(bits, samples, depth, order);
  const precision = bits.take(4) + 1;
  const shift = bits.takeSigned(5);
  if (precision === 16 || shift < 0) return false;
  for (let i = 0; i < order; i++) coefficients[i] = bits.takeSigned(precision);
  if (!decodeResidual(bits, samples, count, order)) return false;
  const scale = 2 ** -shift;
  for (let i = order; i < count; i++) {
    let sum = 0;
    for (let j = 0; j < order; j++) sum += coefficients[j]! * samples[i - 1 - j]!;
    samples[i]! += Math.floor(sum * scale);
  }
  return true;
}

/** Section 9.2.7: partitions of Rice codes, each with a parameter of its own, or of plain numbers. */
function decodeResidual(bits: Bits, samples: Float64Array, count: number, order: number): boolean {
  const method = bits.take(2);
  if (method > 1) return false;
  const width = method === 0 ? 4 : 5;
  const partitionOrder = bits.take(4);
  const size = count >>> partitionOrder;
  if (size << partitionOrder !== count || size < order) return false;
  for (let start = 0; start < count; start += size) {
    const parameter = bits.take(width);
    const from = start === 0 ? order : start;
    if (parameter === (1 << width) - 1) takePlain(bits, samples, from, start + size);
    else takeRice(bits, samples, from, start + size, parameter);
    if (bits.isBeyond) return false;
  }
  return true;
}

function takePlain(bits: Bits, samples: Float64Array, from: number, to: number): void {
  const width = bits.take(5);
  for (let i = from; i < to; i++) samples[i] = width === 0 ? 0 : bits.takeSigned(width);
}

function takeRice(bits: Bits, samples: Float64Array, from: number, to: number, parameter: number): void {
  if (parameter > MOST_SHORT) {
    takeLongRice(bits, samples, from, to, parameter);
    return;
  }
  const { bytes } = bits;
  // The place in a local, the bytes without a call: half of the time of most files is spent here.
  let { at } = bits;
  for (let i = from; i < to; i++) {
    const byte = at >>> 3;
    const four = (bytes[byte]! << 24) | (bytes[byte + 1]! << 16) | (bytes[byte + 2]! << 8) | bytes[byte + 3]!;
    const word = (four << (at & 7)) | (bytes[byte + 4]! >>> (8 - (at & 7)));
    const zeros = Math.clz32(word);
    if (zeros + 1 + parameter > 32 || zeros > 15) {
      bits.at = at;
      takeLongRice(bits, samples, i, i + 1, parameter);
      if (bits.isBeyond) return;
      at = bits.at;
      continue;
    }
    at += zeros + 1 + parameter;
    const low = parameter === 0 ? 0 : (word << (zeros + 1)) >>> (32 - parameter);
    const folded = (zeros << parameter) | low;
    samples[i] = (folded >>> 1) ^ -(folded & 1);
  }
  bits.at = at;
}

/** Up to this parameter a code with up to 15 zeros is folded within 31 bits. */
const MOST_SHORT = 26;

function takeLongRice(bits: Bits, samples: Float64Array, from: number, to: number, parameter: number): void {
  for (let i = from; i < to; i++) {
    const high = bits.takeUnary();
    const value = high * 2 ** parameter + bits.take(parameter);
    if (bits.isBeyond) return;
    samples[i] = value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}
