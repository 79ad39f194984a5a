const PRIME = 16777619;
const LANES = 32;
/** PostgreSQL, storage/checksum_impl.h, checksumBaseOffsets. */
const offsets = Uint32Array.from([
  0x5b1f36e9, 0xb8525960, 0x02ab50aa, 0x1de66d2a, 0x79ff467a, 0x9bb9f8a3, 0x217e7cd2, 0x83e13d2c, 0xf8d4474f,
  0xe39eb970, 0x42c6ae16, 0x993216fa, 0x7b093b5d, 0x98daff3c, 0xf718902a, 0x0b1c9cdb, 0xe58f764b, 0x187636bc,
  0x5d7b3bb1, 0xe73de7de, 0x92bec979, 0xcca6c0b2, 0x304a0979, 0x85aa43d4, 0x783125bb, 0x6ca8eaa2, 0xe407eac6,
  0x4b5cfc3e, 0x9fbf8c76, 0x15ca20be, 0xf2ca9fd3, 0x959bd756,
]);
const lanes = new Uint32Array(LANES);

/**
 * The sum of a page before its block number is mixed in (checksum_impl.h, pg_checksum_block): FNV-1a in 32 lanes, over
 * the page with the sum's own two bytes, at 8, as zeros.
 */
export function pageSum(page: DataView): number {
  lanes.set(offsets);
  for (let at = 0; at < page.byteLength; at += 4 * LANES) {
    for (let lane = 0; lane < LANES; lane++) {
      const place = at + 4 * lane;
      const value = page.getUint32(place, true);
      mix(lane, place === 8 ? value & 0xffff0000 : value);
    }
  }
  for (let round = 0; round < 2; round++) for (let lane = 0; lane < LANES; lane++) mix(lane, 0);
  return lanes.reduce((sum, lane) => (sum ^ lane) >>> 0, 0);
}

/** The 16 bits that stand in the page with this block number. */
export function pageChecksum(sum: number, block: number): number {
  return (((sum ^ block) >>> 0) % 65535) + 1;
}

function mix(lane: number, value: number): void {
  const mixed = lanes[lane]! ^ value;
  lanes[lane] = Math.imul(mixed, PRIME) ^ (mixed >>> 17);
}
