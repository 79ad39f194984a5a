/**
 * A digest, 52 bits, evenly spread: two interleaved 32-bit multiplicative hashes with the finaliser of
 * MurmurHash3 (Appleby, public domain). Not meant to withstand an opponent.
 */
export function digest(path: string): number {
  let a = 0x9e3779b9;
  let b = 0x85ebca6b;
  for (let i = 0; i < path.length; i++) {
    const code = path.charCodeAt(i);
    a = Math.imul(a ^ code, 0xcc9e2d51);
    b = Math.imul(b ^ code, 0x1b873593);
  }
  return (finalise(a ^ (b >>> 7)) >>> 6) * 2 ** 26 + (finalise(b ^ a) >>> 6);
}

function finalise(hash: number): number {
  const first = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  const second = Math.imul(first ^ (first >>> 13), 0xc2b2ae35);
  return second ^ (second >>> 16);
}
