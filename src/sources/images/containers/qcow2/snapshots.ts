import { Broken } from '../../../../bytes/errors.ts';
import type { Reader } from '../../../../bytes/reader.ts';
import type { Qcow2Table } from '../../../../formats/disks/qcow2-layout.ts';
import type { Qcow2 } from './header.ts';

const HEADER = 40;
/** QEMU's own limits. */
const MOST_SNAPSHOTS = 65536;
const MOST_EXTRA = 1024;

/** The disk as it was, kept inside of the image: its own first table. */
export interface Snapshot {
  readonly id: string;
  readonly name: string;
  /** When it was made, seconds since 1970. */
  readonly seconds: number;
  readonly firstLevel: Qcow2Table;
  /** Of the disk then, in bytes. */
  readonly size: number;
}

/** In order of the table. A broken table ends the list. */
export function listSnapshots(reader: Reader, { snapshots, size }: Qcow2): Snapshot[] {
  const list: Snapshot[] = [];
  const count = Math.min(snapshots.count, MOST_SNAPSHOTS);
  for (let at = snapshots.at; list.length < count && at + HEADER <= reader.size; ) {
    const extra = reader.u32be(at + 36);
    const [idLength, nameLength] = [reader.u16be(at + 12), reader.u16be(at + 14)];
    const idAt = at + HEADER + extra;
    if (extra > MOST_EXTRA || idAt + idLength + nameLength > reader.size) break;
    list.push({
      id: reader.latin1(idAt, idLength),
      name: Buffer.from(reader.bytes(idAt + idLength, nameLength)).toString(),
      seconds: reader.u32be(at + 16),
      firstLevel: { at: readOffset(reader, at), count: reader.u32be(at + 8) },
      // In extra data of version 3: the disk may have been resized since.
      size: extra >= 16 ? readOffset(reader, at + HEADER + 8) : size,
    });
    at += Math.ceil((HEADER + extra + idLength + nameLength) / 8) * 8;
  }
  return list;
}

/** A field beyond 2^53 stays as large as it is; the table is checked when the snapshot is opened. */
function readOffset(reader: Reader, at: number): number {
  return reader.u32be(at) * 2 ** 32 + reader.u32be(at + 4);
}

/** By name, else by number. @throws Broken when there's no such snapshot */
export function chooseSnapshot(snapshots: readonly Snapshot[], wanted: string): Snapshot {
  const found = snapshots.find(({ name }) => name === wanted) ?? snapshots.find(({ id }) => id === wanted);
  if (found !== undefined) return found;
  const names = snapshots.map(({ name }) => name).join(', ');
  throw new Broken(60, 'snapshot', names === '' ? 'none, the image has none' : names, wanted);
}
