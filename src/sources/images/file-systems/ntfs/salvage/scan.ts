import type { Ground } from '../ground.ts';
import { u32 } from '../little-endian.ts';
import { isInUse, ownNumberOf, undoFixups } from '../record.ts';

/** A record that was found by its signature and fix-ups. */
export interface FoundRecord {
  readonly at: number;
  readonly number: number;
  readonly bytes: Uint8Array;
}

const STEP = 512;
const WINDOW = 1 << 20;
const FILE = 0x454c4946;
const MOST_RECORD = 1 << 16;

/** Every whole record in the undamaged bytes of the volume, up to the byte `end`, in order of place. */
export function* scanRecords(ground: Ground, end = ground.volume.size): Generator<FoundRecord> {
  const { volume } = ground;
  const window = Buffer.alloc(Math.min(WINDOW + MOST_RECORD, volume.size));
  for (let start = 0; start < end; start += WINDOW) {
    const length = Math.min(window.length, volume.size - start);
    const got = readWhatIs(ground, window.subarray(0, length), start);
    if (!got) continue;
    for (let at = 0; at < WINDOW && at + STEP <= length; at += STEP) {
      if (window.readUInt32LE(at) !== FILE) continue;
      const found = readRecord(ground, window.subarray(at, length), start + at);
      if (found !== null) yield found;
    }
  }
}

/** False where nothing of the window can be read; a sector that can't be stays as it was, and its place is hit. */
function readWhatIs(ground: Ground, window: Uint8Array, start: number): boolean {
  const hits = ground.hits(start, start + window.length);
  const isAllHit = hits.length === 1 && hits[0]!.start === start && hits[0]!.end === start + window.length;
  if (isAllHit) return false;
  if (hits.length === 0) return ground.tryRead(window, start);
  let at = start;
  for (const hit of [...hits, { start: start + window.length, end: start + window.length }]) {
    const part = window.subarray(at - start, hit.start - start);
    if (part.length > 0 && !ground.tryRead(part, at)) part.fill(0);
    window.fill(0, hit.start - start, hit.end - start);
    at = hit.end;
  }
  return true;
}

function readRecord(ground: Ground, window: Uint8Array, at: number): FoundRecord | null {
  const size = u32(window, 28);
  const isSize = size >= STEP && size <= window.length && (size & (size - 1)) === 0;
  if (!isSize || u32(window, 24) > size || ground.isHit(at, at + size)) return null;
  const bytes = new Uint8Array(window.subarray(0, size));
  if (undoFixups(bytes, 'FILE') !== 'good' || !isInUse(bytes)) return null;
  return { at, number: ownNumberOf(bytes), bytes };
}
