import { Broken, OverBudget } from '../../../../../bytes/errors.ts';
import { type Range, union } from '../../../../../bytes/range.ts';
import type { ByteSource } from '../../../../../bytes/source.ts';
import type { Path } from '../../../../folders/path.ts';
import type { Extent, SalvagedEntry } from '../../../file-system.ts';
import { NtfsEntry, type Origin } from '../entry.ts';
import type { NtfsFile } from '../file.ts';
import type { Ground } from '../ground.ts';
import { indexPlaces } from '../index.ts';
import type { Segment } from '../segments.ts';
import type { Found } from '../walk.ts';

/** A file whose own records are whole. */
export class WholeRecord extends NtfsEntry implements SalvagedEntry {
  readonly naming: SalvagedEntry['naming'];
  readonly state: SalvagedEntry['state'];
  readonly damaged: readonly Range[];

  constructor(origin: Origin, found: Found, file: NtfsFile, stream: Path) {
    super(origin, found, file, stream);
    this.naming = found.naming;
    const damaged =
      this.kind === 'folder' ? lostNames(origin.ground, file) : this.#damage(origin.ground, file);
    this.damaged = damaged ?? [];
    if (damaged === null) this.state = 'unknown';
    else this.state = damaged.length === 0 ? 'untouched' : 'partial';
  }

  /** Null where not all of its clusters are known. */
  #damage(ground: Ground, file: NtfsFile): readonly Range[] | null {
    if (this.unreadable !== null && file.lost !== null) return null;
    return unlessBroken(() => union(this.segments().flatMap((segment) => hitsOf(ground, segment))));
  }
}

/** Whether names may be missing: then what the folder held isn't known. */
function lostNames(ground: Ground, file: NtfsFile): readonly Range[] | null {
  if (file.lost !== null) return null;
  const isHit = unlessBroken(() =>
    indexPlaces(ground, file).some(({ start, end }) => ground.isHit(start, end)),
  );
  return isHit === false ? [] : null;
}

/** In offsets of the file. Of a packed unit no byte is sure when one is hit. */
function hitsOf(ground: Ground, segment: Segment): Range[] {
  if (segment.kind === 'zero') return [];
  if (segment.kind === 'compressed') {
    const isHit = segment.places.some(({ start, end }) => ground.isHit(start, end));
    return isHit ? [{ start: segment.start, end: segment.end }] : [];
  }
  const shift = segment.start - segment.at;
  const hits = ground.hits(segment.at, segment.at + segment.end - segment.start);
  return hits.map(({ start, end }) => ({ start: start + shift, end: end + shift }));
}

function unlessBroken<T>(act: () => T): T | null {
  try {
    return act();
  } catch (error) {
    if (error instanceof Broken || error instanceof OverBudget) return null;
    throw error;
  }
}

/** A file that is known by its name only: its record is lost. */
export class LostRecord implements SalvagedEntry {
  readonly path: Path;
  readonly naming: SalvagedEntry['naming'];
  readonly kind: SalvagedEntry['kind'];
  readonly size: number;
  readonly id: number;
  readonly links = 1;
  readonly times = { modified: null, accessed: null, changed: null, created: null };
  readonly allocated = true;
  readonly metadata: readonly Range[] = [];
  readonly unreadable: string;
  readonly protection = null;
  readonly state = 'unknown';
  readonly damaged: readonly Range[] = [];

  constructor({ path, naming, number, indexed, isSystem }: Found) {
    const isFolder = indexed?.isFolder ?? false;
    this.path = path;
    this.naming = naming;
    this.kind = isFolder ? 'folder' : isSystem ? 'special' : 'file';
    this.size = isFolder ? 0 : (indexed?.size ?? 0);
    this.id = number;
    this.unreadable = `file record ${number} is lost: its name is known from elsewhere`;
  }

  extents(): readonly Extent[] {
    return [];
  }

  open(): ByteSource {
    throw new Broken(0, this.unreadable);
  }
}
