import { joinPath, type Path } from '../../../folders/path.ts';
import { loadFile, type NtfsFile } from './file.ts';
import type { Ground } from './ground.ts';
import { u16 } from './little-endian.ts';
import { type FileName, fileNameAt, isShort, parseFileName } from './name.ts';
import { type IndexedName, toIndexed } from './name-tree.ts';
import { baseOf, isBase, isFolder, isInUse, sequenceOf } from './record.ts';
import type { Records } from './records.ts';
import type { Survey } from './survey.ts';

const ROOT = 5;
const EXTEND = 11;
/** Records of the file system's own files. */
const FIRST_ORDINARY = 16;
/** Folders inside folders. What lies deeper is told as if its folder were lost. */
const MOST_DEPTH = 1024;
const NONE = -1;

/** A name on the volume, and whose it is. */
export interface Found {
  readonly path: Path;
  readonly naming: 'full' | 'leaf' | 'none';
  /** Null where its record is lost. */
  readonly file: NtfsFile | null;
  /** Where the record is lost, what the folder's index says. */
  readonly indexed: IndexedName | null;
  readonly number: number;
  /** One of the file system's own files. */
  readonly isSystem: boolean;
}

/** A folder on the way down. */
interface Frame {
  readonly path: Path;
  readonly naming: 'full' | 'leaf';
  /** Of its record; null where that is lost. */
  readonly sequence: number | null;
  readonly isAllocated: boolean;
  readonly isSystem: boolean;
  name: number;
}

type Named = Omit<FileName, 'isShort'>;

/** Gives every name of a survey once: from the root down, then what no path leads to. */
export class Walk {
  readonly #ground: Ground;
  readonly #records: Records;
  readonly #survey: Survey;
  readonly #withDeleted: boolean;

  constructor(ground: Ground, records: Records, survey: Survey, withDeleted: boolean) {
    this.#ground = ground;
    this.#records = records;
    this.#survey = survey;
    this.#withDeleted = withDeleted;
  }

  *found(): Generator<Found> {
    const root = this.#records.record(ROOT);
    yield* this.#descend(
      this.#frame(ROOT, '' as Path, 'full', root === null ? null : sequenceOf(root), true, false),
    );
    yield* this.#orphans(false);
    yield* this.#orphans(true);
    for (const number of this.#survey.nameless) {
      const file = loadFile(this.#ground, this.#records, number);
      if (file === null || file.names > 0) continue;
      yield { path: `?/#${number}` as Path, naming: 'none', file, indexed: null, number, isSystem: false };
    }
  }

  /** Names whose folder is lost; with `withLoops` also those whose folders are inside each other, or too deep. */
  *#orphans(withLoops: boolean): Generator<Found> {
    const { tree } = this.#survey;
    for (let name = 0; name < tree.count; name++) {
      if (tree.isTaken(name)) continue;
      const named = this.#named(name);
      if (named === null || (!withLoops && this.#isFolder(named.parent, named.parentSequence))) continue;
      const frame: Frame = {
        path: `?/#${named.parent}` as Path,
        naming: 'leaf',
        sequence: null,
        isAllocated: true,
        isSystem: false,
        name: NONE,
      };
      const found = this.#tell(name, frame);
      if (found === null) continue;
      yield found;
      const below = this.#below(found, frame);
      if (below !== null) yield* this.#descend(below);
    }
  }

  *#descend(root: Frame): Generator<Found> {
    const frames = [root];
    for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
      const { name } = frame;
      if (name === NONE) {
        frames.pop();
        continue;
      }
      frame.name = this.#survey.tree.next(name);
      const found = this.#tell(name, frame);
      if (found === null) continue;
      yield found;
      const below = frames.length < MOST_DEPTH ? this.#below(found, frame) : null;
      if (below !== null) frames.push(below);
    }
  }

  /** What the name is of, unless it was told before, or isn't one of this folder. */
  #tell(name: number, frame: Frame): Found | null {
    const { tree } = this.#survey;
    if (tree.isTaken(name)) return null;
    const named = this.#named(name);
    if (named === null || !belongs(frame, named)) return null;
    tree.take(name);
    return this.#identify(name, joinPath(frame.path, named.name), frame);
  }

  /** The folder that was found, to go down into. */
  #below({ file, indexed, number, path, naming, isSystem }: Found, frame: Frame): Frame | null {
    if (!(file?.isFolder ?? indexed?.isFolder ?? false) || number === ROOT) return null;
    return this.#frame(
      number,
      path,
      naming === 'full' ? 'full' : 'leaf',
      file?.sequence ?? indexed?.sequence ?? null,
      file?.isAllocated ?? frame.isAllocated,
      isSystem,
    );
  }

  #frame(
    number: number,
    path: Path,
    naming: 'full' | 'leaf',
    sequence: number | null,
    isAllocated: boolean,
    isSystem: boolean,
  ): Frame {
    return { path, naming, sequence, isAllocated, isSystem, name: this.#survey.tree.takeFolder(number) };
  }

  #named(name: number): Named | null {
    const { tree } = this.#survey;
    const holder = tree.holder(name);
    if (holder < 0) return tree.indexedAt(holder);
    const record = this.#records.record(holder);
    const value = record === null ? null : fileNameAt(record, tree.offset(name));
    return value === null ? null : parseFileName(value);
  }

  #identify(name: number, path: Path, frame: Frame): Found | null {
    const { tree } = this.#survey;
    const holder = tree.holder(name);
    if (holder < 0) {
      const indexed = tree.indexedAt(holder);
      return {
        path,
        naming: frame.naming,
        file: null,
        indexed,
        number: indexed.number,
        isSystem: frame.isSystem,
      };
    }
    const record = this.#records.record(holder)!;
    const number = isBase(record) ? holder : baseOf(record);
    const file = loadFile(this.#ground, this.#records, number);
    if (file === null && number !== holder)
      return this.#withoutBase(record, number, tree.offset(name), path, frame);
    if (file === null || !this.#isTold(file, record, number === holder, tree.offset(name))) return null;
    const isSystem = frame.isSystem || number === EXTEND || (number < FIRST_ORDINARY && number !== ROOT);
    return { path, naming: frame.naming, file, indexed: null, number, isSystem };
  }

  /** A name in a record that extends a lost one. */
  #withoutBase(holder: Uint8Array, number: number, at: number, path: Path, frame: Frame): Found | null {
    const value = fileNameAt(holder, at)!;
    if (this.#records.record(number) !== null || isShort(value) || !isInUse(holder)) return null;
    const indexed = toIndexed(value, number, u16(holder, 38));
    return { path, naming: frame.naming, file: null, indexed, number, isSystem: frame.isSystem };
  }

  /** Whether a name counts: not the root's own, not a short one beside a long one, not one of another's extension. */
  #isTold(file: NtfsFile, holder: Uint8Array, isOwn: boolean, at: number): boolean {
    if (file.number === ROOT || (!file.isAllocated && !this.#withDeleted)) return false;
    if (!isOwn && file.sequence !== u16(holder, 38)) return false;
    return !isShort(fileNameAt(holder, at)!) || !file.hasLongName;
  }

  #isFolder(number: number, sequence: number): boolean {
    const record = this.#records.record(number);
    if (record === null || !isBase(record) || !isFolder(record)) return false;
    if (isInUse(record)) return sequenceOf(record) === sequence;
    return this.#withDeleted && isSequence(sequenceOf(record), false, sequence);
  }
}

function belongs({ sequence, isAllocated }: Frame, named: Named): boolean {
  return sequence === null || isSequence(sequence, isAllocated, named.parentSequence);
}

/** A record's sequence number grows by one when it's freed: what was in a deleted folder has the one before. */
function isSequence(actual: number, isAllocated: boolean, stated: number): boolean {
  return actual === stated || (!isAllocated && actual === stated + 1);
}
