import type { Range } from '../../../../../bytes/range.ts';
import type { ByteSource } from '../../../../../bytes/source.ts';
import type { Path } from '../../../../folders/path.ts';
import type { Entry, Extent, SalvagedEntry, Times } from '../../../file-system.ts';
import type { Damage } from '../../damage.ts';
import { reasonOf } from '../../notice-list.ts';
import { ExtEntry, lostEntry } from '../entry.ts';
import type { Inode, Kind } from '../inode.ts';
import type { Medium } from '../medium.ts';

type Naming = SalvagedEntry['naming'];

/** A file whose inode stands. */
export class FoundEntry implements SalvagedEntry {
  readonly naming: Naming;
  readonly state: SalvagedEntry['state'];
  readonly damaged: readonly Range[];
  readonly unreadable: string | null;
  readonly metadata: readonly Range[];
  readonly #entry: Entry;

  constructor(medium: Medium, damage: Damage, path: Path, inode: Inode, naming: Naming) {
    this.#entry = new ExtEntry(medium, path, inode);
    this.naming = naming;
    const found = lookUp(this.#entry, damage);
    this.metadata = found.metadata;
    this.unreadable = found.why;
    this.damaged = found.damaged;
    this.state = found.why !== null ? 'unknown' : found.damaged.length > 0 ? 'partial' : 'untouched';
  }

  get path(): Path {
    return this.#entry.path;
  }

  get kind(): Kind {
    return this.#entry.kind;
  }

  get size(): number {
    return this.#entry.size;
  }

  get id(): number {
    return this.#entry.id;
  }

  get links(): number {
    return this.#entry.links;
  }

  get times(): Times {
    return this.#entry.times;
  }

  get allocated(): boolean {
    return true;
  }

  get protection(): string | null {
    return this.#entry.protection;
  }

  extents(): readonly Extent[] {
    if (this.unreadable === null) return this.#entry.extents();
    return lostEntry(this.path, this.kind, this.id, this.unreadable).extents();
  }

  open(): ByteSource {
    if (this.unreadable === null) return this.#entry.open();
    return lostEntry(this.path, this.kind, this.id, this.unreadable).open();
  }
}

interface Found {
  readonly metadata: readonly Range[];
  readonly damaged: readonly Range[];
  readonly why: string | null;
}

/** Blocks of pointers that were hit hold anything: what they lead to isn't looked at. */
function lookUp(entry: Entry, damage: Damage): Found {
  const { metadata } = entry;
  const lost = (why: string): Found => ({ metadata, damaged: [], why });
  if (entry.unreadable !== null) return lost(entry.unreadable);
  if (metadata.some(({ start, end }) => damage.hits(start, end)))
    return lost('a block of its extents was hit');
  try {
    return { metadata, damaged: damage.inFile(entry.extents()), why: null };
  } catch (error) {
    return lost(reasonOf(error));
  }
}

/** A name whose inode was hit: where its contents are isn't known. */
export function nameOnly(path: Path, kind: Kind, id: number, naming: Naming): SalvagedEntry {
  return { ...lostEntry(path, kind, id, 'its inode is lost'), naming, state: 'unknown', damaged: [] };
}
