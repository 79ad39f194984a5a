import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';

/** MS-CFB §2.6.1: object types. */
export const kind = { none: 0, storage: 1, stream: 2, root: 5 } as const;

const ENTRY = 128;
/** A name of 64 bytes, or class and times, may be anything; the numbers between them may not. */
const ENTRY_FLOOR = 96;
const NO_ENTRY = 0xffffffff;
const MOST_ENTRIES = 1 << 20;

/** An entry of the directory. */
export interface Entry {
  readonly name: string;
  readonly kind: number;
  /** Of the storage, as 32 hexadecimal digits in the order of the bytes; 32 zeros where none. */
  readonly clsid: string;
  readonly left: number;
  readonly right: number;
  readonly child: number;
  readonly start: number;
  /** In bytes. */
  readonly size: number;
}

/** A stream or storage, with its place in the tree. */
export interface Node {
  readonly entry: Entry;
  /** Names from below the root on. */
  readonly path: readonly string[];
}

/** Reads the entries and accounts for them in the directory's own ledger. */
export function readEntries(reader: Reader, ledger: Ledger, major: number): Entry[] {
  const count = Math.min(MOST_ENTRIES, Math.floor(reader.size / ENTRY));
  const entries: Entry[] = [];
  let wrong = 0;
  for (let i = 0; i < count; i++) {
    reader.meter.step();
    const entry = readEntry(reader, i * ENTRY, major, count);
    entries.push(entry ?? unused);
    // The name and what follows up to the times are checked; times, state and class are any values.
    if (entry !== null) accountEntry(reader, ledger, i * ENTRY, entry);
    else if (wrong++ === 0)
      ledger.broken(
        new Broken(i * ENTRY, 'directory entry', 'a name, a type and numbers of entries', 'others'),
      );
  }
  return entries;
}

const unused: Entry = {
  name: '',
  kind: kind.none,
  clsid: '',
  left: NO_ENTRY,
  right: NO_ENTRY,
  child: NO_ENTRY,
  start: 0,
  size: 0,
};

/** Null where it can't be an entry. */
function readEntry(reader: Reader, at: number, major: number, count: number): Entry | null {
  const type = reader.u8(at + 66);
  const nameBytes = reader.u16le(at + 64);
  // Writers leave the numbers of unused entries 0 instead of −1, and sometimes all else as it was.
  if (type === kind.none) return isEmptyName(reader, at, nameBytes) ? unused : null;
  if (type !== kind.storage && type !== kind.stream && type !== kind.root) return null;
  if (reader.u8(at + 67) > 1 || nameBytes > 64 || nameBytes % 2 !== 0) return null;
  const [left, right, child] = [68, 72, 76].map((offset) => reader.u32le(at + offset)) as [
    number,
    number,
    number,
  ];
  if (![left, right, child].every((index) => index < count || index === NO_ENTRY)) return null;
  return {
    name: Buffer.from(reader.bytes(at, Math.max(0, nameBytes - 2))).toString('utf16le'),
    kind: type,
    clsid: Buffer.from(reader.bytes(at + 80, 16)).toString('hex'),
    left,
    right,
    child,
    start: reader.u32le(at + 116),
    // In version 3 the upper half is undefined (§2.6.3).
    size: reader.u32le(at + 120) + (major > 3 ? reader.u32le(at + 124) * 2 ** 32 : 0),
  };
}

/** Deleted entries keep parts of what they were in some writers' files. */
function isEmptyName(reader: Reader, at: number, nameBytes: number): boolean {
  return nameBytes <= 64 && reader.u8(at + 67) <= 1;
}

/** Class and times may be anything: 36 bytes of each entry that only contrast speaks for. */
function accountEntry(reader: Reader, ledger: Ledger, at: number, entry: Entry): void {
  if (reader.bytes(at, ENTRY).every((byte) => byte === 0 || byte === 0xff)) {
    ledger.account(at, at + ENTRY, 'padding', 'unused directory entry', 64);
  } else if (entry.kind === kind.none) ledger.raw(at, at + ENTRY, 'unused directory entry');
  else ledger.account(at, at + ENTRY, 'structure', 'directory entry', ENTRY_FLOOR);
}

/** Streams and storages in the order of the tree (§2.6.4), each once; tells what the tree lacks. */
export function walkTree(reader: Reader, ledger: Ledger, entries: readonly Entry[]): Node[] {
  const nodes: Node[] = [];
  const seen = new Uint8Array(entries.length);
  const pending: { index: number; path: readonly string[] }[] = [{ index: 0, path: [] }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { index, path } = next;
    const entry = entries[index];
    reader.meter.step();
    // Some writers have 0 for no entry, which is the root's number.
    if (index === NO_ENTRY || entry === undefined || (index === 0 && nodes.length > 0)) continue;
    if (seen[index] === 1 || entry.kind === kind.none) {
      ledger.broken(
        new Broken(index * ENTRY, 'directory tree', 'entries in use, each once', `entry ${index}`),
      );
      continue;
    }
    seen[index] = 1;
    const own = index === 0 ? path : [...path, entry.name];
    nodes.push({ entry, path: own });
    if (index !== 0) pending.push({ index: entry.right, path }, { index: entry.left, path });
    if (entry.kind !== kind.stream && own.length < 64) pending.push({ index: entry.child, path: own });
  }
  for (const [index, entry] of entries.entries()) {
    if (entry.kind === kind.none || seen[index] === 1) continue;
    ledger.oddity(index * ENTRY, `entry ${index} in no storage`);
    nodes.push({ entry, path: [entry.name] });
  }
  return nodes;
}
