import type { Range } from '../../bytes/range.ts';
import {
  type FileFacts,
  hitLine,
  protectedLine,
  type ReportedOrigin,
  type ReportedTimes,
  unreadFileLine,
} from '../../report/line.ts';
import { joinPath, nameOf, type Path } from '../../sources/folders/path.ts';
import { displayText, toReportedPath } from '../../sources/folders/path-text.ts';
import { select } from '../../sources/folders/selection.ts';
import type { Entry, SalvagedEntry, Times } from '../../sources/images/file-system.ts';
import type { Image, ImageVolume } from '../../sources/images/open-image.ts';
import { placeExtents } from '../../sources/images/placement.ts';
import { type ExaminedFile, examineBytes, type FileOptions, whyFailed } from '../examine-file.ts';
import type { ImageSettings } from './image-task.ts';
import type { Listed } from './listing.ts';

/** Extents that a line lists. */
const MOST_EXTENTS = 1000;

/** What is to be said of an entry. */
export type EntryReport =
  | { readonly kind: 'file'; readonly path: Path; readonly report: () => ExaminedFile; readonly size: number }
  | { readonly kind: 'skipped' | 'unread'; readonly path: Path; readonly why: string }
  /** A folder, or what isn't wanted. */
  | { readonly kind: 'nothing' };

/** Makes the lines on the entries of one volume. */
export class EntryReporter {
  readonly #image: Image;
  readonly #volume: ImageVolume;
  readonly #fileSystem: string;
  readonly #settings: ImageSettings;
  readonly #folder: Path;
  readonly #selection;

  /** @param fileSystem the id of what gives the entries */
  constructor(image: Image, volume: ImageVolume, fileSystem: string, settings: ImageSettings) {
    this.#image = image;
    this.#volume = volume;
    this.#fileSystem = fileSystem;
    this.#settings = settings;
    this.#folder = joinPath(image.path, volume.volume.name as Path);
    this.#selection = select(settings);
  }

  /** What there is to say. Files are only examined when it's asked for. */
  about({ entry, earlier }: Listed<Entry>, options: FileOptions): EntryReport {
    const path = joinPath(this.#folder, entry.path);
    if (!this.#selection.wantsFile(joinPath(this.#volume.volume.name as Path, entry.path)))
      return { kind: 'nothing' };
    if (entry.kind === 'folder') {
      const why = entry.unreadable;
      return why === null ? { kind: 'nothing' } : { kind: 'unread', path, why };
    }
    const why = this.#whySkipped(entry, earlier);
    if (why !== null) return { kind: 'skipped', path, why };
    return { kind: 'file', path, size: entry.size, report: () => this.#examine(path, entry, options) };
  }

  /** The line on an entry that could not be examined. */
  failed(entry: Entry, why: string): { readonly path: Path; readonly file: ExaminedFile } {
    const path = joinPath(this.#folder, entry.path);
    return {
      path,
      file: { line: unreadFileLine(this.#facts(path, entry, []), entry.size, why), testimony: null },
    };
  }

  #whySkipped({ kind, times }: Entry, earlier: Path | null): string | null {
    if (kind === 'link') return 'symbolic link';
    if (kind === 'special') return 'device, pipe or socket';
    if (earlier !== null) return `hard link to ${displayText(joinPath(this.#folder, earlier))}`;
    const { since } = this.#settings;
    const latest = Math.max(times.modified ?? Infinity, times.changed ?? Number.NEGATIVE_INFINITY);
    return since !== null && latest < since ? `not changed since ${new Date(since).toISOString()}` : null;
  }

  #examine(path: Path, entry: Entry, options: FileOptions): ExaminedFile {
    let facts = this.#facts(path, entry, []);
    try {
      const line = this.#lineWithoutReading(facts, entry);
      if (line !== null) return { line, testimony: null };
      facts = this.#facts(path, entry, entry.extents());
      const hit = hitLineOf(facts, entry);
      if (hit !== null) return { line: hit, testimony: null };
      return this.#examineContents(path, entry, facts, options);
    } catch (error) {
      return { line: unreadFileLine(facts, entry.size, whyFailed(error)), testimony: null };
    }
  }

  #lineWithoutReading(facts: FileFacts, entry: Entry): ExaminedFile['line'] | null {
    const { protection, unreadable, size } = entry;
    if (protection !== null) return protectedLine(facts, size, protection);
    if (unreadable !== null) return unreadFileLine(facts, size, unreadable);
    return isSalvaged(entry) && entry.state === 'unknown'
      ? unreadFileLine(facts, size, 'where its contents stand is lost')
      : null;
  }

  #examineContents(path: Path, entry: Entry, facts: FileFacts, options: FileOptions): ExaminedFile {
    const source = entry.open();
    try {
      return examineBytes(path, source, { ...options, ...this.#nameOf(entry) }, () => facts);
    } finally {
      source.close();
    }
  }

  /** A stream of NTFS has a name of its own, and needn't be what its file is. */
  #nameOf({ path }: Entry): { name?: string } {
    const name = nameOf(path);
    if (this.#fileSystem !== 'ntfs' || !name.includes(':')) return {};
    return { name: toReportedPath(name.slice(name.lastIndexOf(':') + 1) as Path).text };
  }

  #facts(path: Path, entry: Entry, extents: ReturnType<Entry['extents']>): FileFacts {
    const { container } = this.#image;
    const placed = placeExtents(container, this.#volume.volume, extents, MOST_EXTENTS);
    const { modified } = entry.times;
    return {
      path: toReportedPath(path),
      modified: modified === null ? null : new Date(modified),
      stored: {
        origin: this.#originOf(entry),
        extents: placed.extents,
        ...(placed.leftOut > 0 ? { extentsLeftOut: placed.leftOut } : {}),
      },
    };
  }

  #originOf(entry: Entry): ReportedOrigin {
    return {
      image: toReportedPath(this.#image.path),
      volume: this.#volume.volume.name,
      fileSystem: this.#fileSystem,
      inode: entry.id,
      times: reportedTimes(entry.times),
      ...(entry.allocated ? {} : { deleted: true }),
      ...(isSalvaged(entry) ? { found: { state: entry.state, naming: entry.naming } } : {}),
    };
  }
}

export function isSalvaged(entry: Entry): entry is SalvagedEntry {
  return 'state' in entry;
}

/** The name under which what is examined stands for a volume as a whole. */
export function originOfVolume(image: Image, volume: ImageVolume): ReportedOrigin {
  return {
    image: toReportedPath(image.path),
    volume: volume.volume.name,
    fileSystem: null,
    inode: null,
    times: { modified: null, accessed: null, changed: null, created: null },
  };
}

function hitLineOf(facts: FileFacts, entry: Entry): ExaminedFile['line'] | null {
  if (!isSalvaged(entry) || entry.state !== 'partial') return null;
  const damaged: readonly Range[] = entry.damaged;
  return hitLine(facts, entry.size, damaged);
}

function reportedTimes({ modified, accessed, changed, created }: Times): ReportedTimes {
  return {
    modified: toIso(modified),
    accessed: toIso(accessed),
    changed: toIso(changed),
    created: toIso(created),
  };
}

function toIso(milliseconds: number | null): string | null {
  const date = new Date(milliseconds ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
