/** RC4 as it was posted in 1994; OpenSSL 3 no longer offers it. */
export function rc4(key: Uint8Array): (plain: Uint8Array) => Uint8Array {
  const s = Uint8Array.from({ length: 256 }, (_, i) => i);
  for (let i = 0, j = 0; i < 256; i++) {
    j = (j + s[i]! + key[i % key.length]!) & 255;
    [s[i], s[j]] = [s[j]!, s[i]!];
  }
  let i = 0;
  let j = 0;
  return (plain) => {
    const out = new Uint8Array(plain.length);
    for (let at = 0; at < plain.length; at++) {
      i = (i + 1) & 255;
      const a = s[i]!;
      j = (j + a) & 255;
      const b = s[j]!;
      s[i] = b;
      s[j] = a;
      out[at] = plain[at]! ^ s[(a + b) & 255]!;
    }
    return out;
  };
}

/** Quarter rounds of a double round of Salsa20, columns then rows (Bernstein, Salsa20 specification, §4 and §5). */
const quarters: readonly (readonly [number, number, number, number])[] = [
  [0, 4, 8, 12],
  [5, 9, 13, 1],
  [10, 14, 2, 6],
  [15, 3, 7, 11],
  [0, 1, 2, 3],
  [5, 6, 7, 4],
  [10, 11, 8, 9],
  [15, 12, 13, 14],
];

/** Salsa20/20 with a key of 32 bytes and a nonce of 8. */
export function salsa20(key: Buffer, nonce: Buffer): (plain: Uint8Array) => Uint8Array {
  const sigma = Buffer.from('expand 32-byte k');
  const order = [
    sigma.readUInt32LE(0),
    ...words(key.subarray(0, 16)),
    sigma.readUInt32LE(4),
    ...words(nonce),
    0,
    0,
    sigma.readUInt32LE(8),
    ...words(key.subarray(16)),
    sigma.readUInt32LE(12),
  ];
  const state = Uint32Array.from(order);
  const block = new Uint32Array(16);
  const stream = new Uint8Array(block.buffer);
  let used = 64;
  return (plain) => {
    const out = new Uint8Array(plain.length);
    for (let at = 0; at < plain.length; at++) {
      if (used === 64) {
        mix(state, block);
        used = 0;
      }
      out[at] = plain[at]! ^ stream[used++]!;
    }
    return out;
  };
}

function words(bytes: Buffer): number[] {
  return Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readUInt32LE(4 * i));
}

function mix(state: Uint32Array, block: Uint32Array): void {
  block.set(state);
  for (let round = 0; round < 10; round++) {
    for (const [a, b, c, d] of quarters) {
      block[b]! ^= rotate(block[a]! + block[d]!, 7);
      block[c]! ^= rotate(block[b]! + block[a]!, 9);
      block[d]! ^= rotate(block[c]! + block[b]!, 13);
      block[a]! ^= rotate(block[d]! + block[c]!, 18);
    }
  }
  for (let i = 0; i < 16; i++) block[i]! += state[i]!;
  state[8]!++;
  if (state[8] === 0) state[9]!++;
}

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}

export function xorWith(key: Uint8Array): (plain: Uint8Array) => Uint8Array {
  let at = 0;
  return (plain) => plain.map((byte) => byte ^ key[at++ % key.length]!);
}
