import { Broken } from '../../bytes/errors.ts';
import { type BlockHandle, readHandle, readVarint } from './footer.ts';

/** An entry of a block: what stands as its value, and the last part of its key. */
export interface Entry {
  readonly key: string;
  readonly handle: BlockHandle;
}

interface Raw {
  readonly end: number;
  readonly shared: number;
  readonly key: Uint8Array;
  readonly valueAt: number;
}

/**
 * The handles that a block lists (table_format.md; block_builder.cc). RocksDB has blocks in which values stand without
 * their length, and all but the first as difference to the one before (format version 4): whichever way tiles, holds.
 * @throws Broken where none does
 */
export function readHandlesOf(block: Uint8Array, base: number): Entry[] {
  const restarts =
    block.length < 4 ? -1 : new DataView(block.buffer, block.byteOffset).getUint32(block.length - 4, true);
  // RocksDB keeps the kind of a hash index in the uppermost bit.
  const end = block.length - 4 - 4 * (restarts & 0x7fffffff);
  if (restarts < 0 || end < 0) throw new Broken(base, 'restart points of a block');
  const entries = readPlain(block, end) ?? readDelta(block, end);
  if (entries === null) throw new Broken(base, 'entries of an index block');
  return entries;
}

function readPlain(block: Uint8Array, end: number): Entry[] | null {
  const entries: Entry[] = [];
  for (let at = 0; at < end; ) {
    const raw = readEntry(block, at, true);
    if (raw === null || raw.end > end) return null;
    const handle = readHandle(block.subarray(0, raw.end), raw.valueAt);
    if (handle !== null) entries.push({ key: keyOf(raw), handle });
    at = raw.end;
  }
  return entries;
}

function readDelta(block: Uint8Array, end: number): Entry[] | null {
  const entries: Entry[] = [];
  for (let at = 0; at < end; ) {
    const raw = readEntry(block, at, false);
    if (raw === null) return null;
    const before = entries.at(-1)?.handle;
    const handle =
      raw.shared === 0 || before === undefined
        ? readHandle(block, raw.valueAt)
        : readNext(block, raw.valueAt, before);
    if (handle === null || handle.end > end) return null;
    entries.push({ key: keyOf(raw), handle });
    at = handle.end;
  }
  return entries;
}

/** The next block stands right behind the one before; its size is told as a signed difference. */
function readNext(
  block: Uint8Array,
  at: number,
  before: BlockHandle,
): (BlockHandle & { readonly end: number }) | null {
  const zigzag = readVarint(block, at);
  if (zigzag === null) return null;
  const difference = zigzag.value % 2 === 0 ? zigzag.value / 2 : -(zigzag.value + 1) / 2;
  return { offset: before.offset + before.size + 5, size: before.size + difference, end: zigzag.end };
}

function readEntry(block: Uint8Array, at: number, hasLength: boolean): Raw | null {
  const shared = readVarint(block, at);
  const own = shared === null ? null : readVarint(block, shared.end);
  const length = own === null || !hasLength ? own : readVarint(block, own.end);
  if (shared === null || own === null || length === null) return null;
  const valueAt = length.end + own.value;
  const end = hasLength ? valueAt + length.value : valueAt;
  if (end > block.length) return null;
  return { end, shared: shared.value, key: block.subarray(length.end, valueAt), valueAt };
}

/** Keys of the meta-index are names; those of others don't matter. */
function keyOf({ key }: Raw): string {
  return Buffer.from(key.subarray(0, 64)).toString('latin1');
}
