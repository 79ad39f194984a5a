import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { accountTail } from '../tail.ts';
import { type Entry, kind, type Node, readEntries, walkTree } from './directory.ts';
import { type Chain, type Fat, followChain, readFat } from './fat.ts';
import { type Header, readHeader, sector } from './header.ts';
import { accountOpaque } from './leftovers.ts';
import { Sectors } from './sectors.ts';
import { Stream } from './stream.ts';

/** What a compound file holds. */
export interface Compound {
  readonly root: Entry | null;
  readonly nodes: readonly Node[];
  readonly streams: readonly Stream[];
  /** Whether every sector is known to belong to a stream or to be free. */
  readonly isWhole: boolean;
}

/** The parts of the file that its chains refer to. */
interface Space {
  readonly reader: Reader;
  readonly ledger: Ledger;
  readonly header: Header;
  readonly sectors: Sectors;
  readonly fat: Fat;
}

/** Reads header, FAT and directory, and accounts for all but what stands in streams. @throws Broken, Truncated */
export function openCompound(reader: Reader, ledger: Ledger): Compound {
  const header = readHeader(reader, ledger);
  const { sectorSize } = header;
  const locate = (start: number, end: number) => [{ start: start + sectorSize, end: end + sectorSize }];
  const sectors = new Sectors(sectorSize, Math.max(0, reader.size - sectorSize), locate);
  const fat = readFat(reader, ledger, header, sectors);
  const space: Space = { reader, ledger, header, sectors, fat };
  const before = ledger.observations.length;
  const nodes = readDirectory(space);
  const root = nodes.find(({ entry }) => entry.kind === kind.root)?.entry ?? null;
  const mini = openMiniStream(space, root);
  const streams = nodes
    .filter(({ entry }) => entry.kind === kind.stream)
    .map((node) => openStream(space, mini, node));
  if (mini !== null) accountFree(space, mini.sectors, 'free mini sectors');
  const isWhole = !ledger.observations.slice(before).some(isFault) && fat.known > 0;
  if (isWhole) accountBehind(space);
  accountFree(space, sectors, isWhole ? 'free sectors' : 'sectors of unknown streams');
  return { root, nodes, streams, isWhole };
}

function isFault({ kind: what }: { readonly kind: string }): boolean {
  return what === 'broken' || what === 'truncated';
}

function readDirectory(space: Space): Node[] {
  const { reader, ledger, header, sectors } = space;
  const chain = chainOf(space, header.directoryStart, sectors.count, 'directory');
  const pieces = sectors.place(chain.sectors, 0, chain.sectors.length * sectors.size);
  const directory = new Stream(reader.source, reader.meter, ['directory'], pieces);
  const entries = readEntries(directory.reader, directory.ledger, header.major);
  const nodes = walkTree(directory.reader, directory.ledger, entries);
  directory.settle(ledger);
  return nodes;
}

function chainOf({ reader, ledger, fat, sectors }: Space, start: number, most: number, what: string): Chain {
  const chain = followChain(fat, sectors, start, most, what, reader.meter);
  if (chain.fault !== null) ledger.broken(lost(chain.fault, sectors, reader.size));
  return chain;
}

/** A chain that leads behind the end is one of a file that was cut short. */
function lost(fault: Broken, sectors: Sectors, size: number): Broken {
  const index = Number(fault.actual);
  return index >= sectors.count && index <= sectors.count * 64
    ? new Truncated(size, fault.what, (index - sectors.count + 1) * sectors.size)
    : fault;
}

interface MiniStream {
  readonly fat: Fat;
  readonly sectors: Sectors;
}

/** The mini stream is the root's; its FAT has a chain of its own (§2.4). */
function openMiniStream(space: Space, root: Entry | null): MiniStream | null {
  const { reader, ledger, header, sectors } = space;
  if (root === null || root.size === 0) return null;
  const most = Math.ceil(root.size / sectors.size);
  const chain = chainOf(space, root.start, most, 'mini stream');
  const room = chain.sectors.length * sectors.size;
  if (room < root.size) ledger.broken(missing(reader, 'mini stream', root.size - room));
  const mini = new Sectors(header.miniSize, Math.min(room, root.size), (start, end) =>
    sectors.place(chain.sectors, start, end),
  );
  accountSlack(space, sectors.place(chain.sectors, root.size, room));
  return { fat: readMiniFat(space, mini.count), sectors: mini };
}

function readMiniFat(space: Space, count: number): Fat {
  const { reader, ledger, header, sectors } = space;
  const chain = chainOf(space, header.miniFatStart, sectors.count, 'mini FAT');
  const pieces = sectors.place(chain.sectors, 0, chain.sectors.length * sectors.size);
  const stream = new Stream(reader.source, reader.meter, ['mini FAT'], pieces);
  const known = Math.floor(stream.size / 4);
  const next = new Uint32Array(known);
  let foreign = 0;
  for (let i = 0; i < known; i++) {
    next[i] = stream.reader.u32le(4 * i);
    if (next[i]! >= count && next[i]! <= sector.most) foreign++;
  }
  if (foreign > 0) {
    stream.ledger.broken(
      new Broken(0, 'mini FAT', `numbers of ${count} sectors`, `${foreign} others`),
      stream.size,
    );
  }
  if (foreign <= known / 4) stream.ledger.account(0, stream.size, 'structure', 'mini FAT', 16);
  stream.settle(ledger);
  return { next, known };
}

function openStream(space: Space, mini: MiniStream | null, { entry, path }: Node): Stream {
  const { reader, ledger, header } = space;
  const isMini = entry.size < header.cutoff && mini !== null;
  const { fat, sectors } = isMini ? mini : space;
  const most = Math.ceil(entry.size / sectors.size);
  const { sectors: chain, fault } = followChain(
    fat,
    sectors,
    entry.start,
    Math.min(most, sectors.count + 1),
    entry.name,
    reader.meter,
  );
  const room = chain.length * sectors.size;
  const pieces = sectors.place(chain, 0, Math.min(entry.size, room));
  const stream = new Stream(reader.source, reader.meter, path, pieces);
  if (stream.size < entry.size) {
    ledger.broken(
      fault === null
        ? missing(reader, show(entry.name), entry.size - stream.size)
        : lost(fault, sectors, reader.size),
    );
  }
  accountSlack(space, sectors.place(chain, entry.size, room));
  return stream;
}

function missing(reader: Reader, what: string, bytes: number): Truncated {
  return new Truncated(reader.size, what, bytes);
}

/** What a stream leaves of its last sector: writers seldom clear it. */
function accountSlack({ reader, ledger }: Space, pieces: readonly Range[]): void {
  for (const piece of pieces) accountOpaque(reader, ledger, piece, 'tail of a sector');
}

/**
 * Writers add whole sectors, and enter each into the FAT, be it as free. What no chain owns in a part of a sector, or
 * behind the last sector of the FAT, was added by others.
 */
function accountBehind({ reader, ledger, sectors, fat }: Space): void {
  const isPartial = reader.size % sectors.size !== 0 && !sectors.isUsed(sectors.count - 1);
  let first = isPartial ? sectors.count - 1 : sectors.count;
  while (first > fat.known && !sectors.isUsed(first - 1)) first--;
  for (let index = first; index < sectors.count; index++) sectors.claim(index, 'end of the file', 0);
  if (first < sectors.count) accountTail(reader, ledger, (first + 1) * sectors.size);
}

function accountFree({ reader, ledger }: Space, sectors: Sectors, by: string): void {
  let start = -1;
  for (let index = 0; index <= sectors.count; index++) {
    reader.meter.step();
    const isFree = index < sectors.count && !sectors.isUsed(index);
    if (isFree && start < 0) start = index;
    if (isFree || start < 0) continue;
    for (let at = start; at < index; at += 4096) {
      const run = Uint32Array.from({ length: Math.min(4096, index - at) }, (_, i) => at + i);
      for (const piece of sectors.place(run, 0, run.length * sectors.size))
        accountOpaque(reader, ledger, piece, by);
    }
    start = -1;
  }
}

/** Names begin with a control character where the system has made the stream. */
export function show(name: string): string {
  return name.replace(/[\x00-\x1f]/g, '');
}
