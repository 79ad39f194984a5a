import { Broken, OverBudget, ReadError } from '../../bytes/errors.ts';
import { defaultBudget } from '../../bytes/meter.ts';
import type { Range } from '../../bytes/range.ts';
import type { FileLine, ImageLine, UnreadLine } from '../../report/line.ts';
import type { FileOptions } from '../../scan/examine-file.ts';
import { isSalvaged } from '../../scan/images/entry-report.ts';
import { imageLine } from '../../scan/images/image-lines.ts';
import type { ImageSettings } from '../../scan/images/image-task.ts';
import type { Listed } from '../../scan/images/listing.ts';
import { mapHit } from '../../scan/images/map-damage.ts';
import { OpenedImage, type OpenedVolume } from '../../scan/images/opened-image.ts';
import { builtinMarks } from '../../signs/marks/marks.ts';
import { joinPath, type Path } from '../../sources/folders/path.ts';
import { toReportedPath } from '../../sources/folders/path-text.ts';
import type { Entry } from '../../sources/images/file-system.ts';
import type { Image } from '../../sources/images/open-image.ts';
import { defaultPolicy } from '../../verdict/policy.ts';
import type { SafeFolder, Saved } from '../safe-folder.ts';

/** What is copied out of an image. */
export interface SalvageOptions {
  /** Encrypted ranges of the disk: what they don't touch is copied. Null: the image is read as it is, and all is copied. */
  readonly damage: readonly Range[] | null;
  /** Globs, relative to the image: `p2/Users/**`. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** Called for each entry and each piece of a file. */
  readonly beat?: () => void;
}

/** A line of the manifest: the report's line on the file, and where its copy is; null where it wasn't copied. */
export type ManifestLine =
  | ImageLine
  | UnreadLine
  | (FileLine & { readonly saved: Saved | null; readonly why?: string })
  | { readonly type: 'skipped'; readonly path: FileLine['path']; readonly why: string };

/**
 * Copies the files of an image into the folder, with a line of the manifest for each: those whose metadata and bytes lie
 * outside of every encrypted range. Names, extents, hashes and verdicts are in the lines; nothing is made up.
 */
export function* salvageImage(
  image: Image,
  folder: SafeFolder,
  options: SalvageOptions,
): Generator<ManifestLine> {
  const { damage, include, exclude } = options;
  const settings: ImageSettings = {
    deleted: false,
    hit: damage !== null,
    damage: null,
    include,
    exclude,
    since: null,
  };
  const beat = options.beat ?? (() => {});
  const map = damage === null ? null : mapHit(image.container, damage, beat);
  const opened = new OpenedImage(image, settings, map);
  const target: Target = { folder, beat, left: FOLD * image.container.contents.size + MOST_ZEROS };
  yield record(folder, imageLine(opened));
  for (const [number, { volume: found }] of opened.image.volumes.entries()) {
    const volume = opened.volume(number);
    const name = found.name as Path;
    if (volume === null) yield record(folder, notRead(joinPath(image.path, name)));
    else for (const line of salvageVolume(volume, target)) yield record(folder, line);
  }
}

/** Where copies go, and how many bytes all of them may still have. */
interface Target {
  readonly folder: SafeFolder;
  readonly beat: () => void;
  left: number;
}

function record<Line extends ManifestLine>(folder: SafeFolder, line: Line): Line {
  folder.record(line);
  return line;
}

function notRead(path: Path): UnreadLine {
  return { type: 'unread', path: toReportedPath(path), why: 'nothing that can be read is found' };
}

function* salvageVolume(volume: OpenedVolume, target: Target): Generator<ManifestLine> {
  const { beat } = target;
  const options: FileOptions = {
    policy: defaultPolicy,
    budget: defaultBudget,
    marks: builtinMarks(),
    sha256: false,
    beat,
  };
  for (const listed of volume.examined.from(0, beat)) {
    const about = volume.reporter.about(listed, options);
    if (about.kind === 'skipped' || about.kind === 'unread')
      yield { type: about.kind, path: toReportedPath(about.path), why: about.why };
    if (about.kind === 'file') yield salvageFile(volume, listed, about.report().line, target);
  }
  for (const { text } of volume.notices.filter(({ level }) => level === 'wrong'))
    yield {
      type: 'unread',
      path: toReportedPath(joinPath(volume.image.path, volume.volume.volume.name as Path)),
      why: text,
    };
}

function salvageFile(
  volume: OpenedVolume,
  { entry }: Listed<Entry>,
  line: FileLine,
  target: Target,
): ManifestLine {
  const why = whyNotCopied(entry, line, target);
  if (why !== null) return { ...line, saved: null, why };
  try {
    const source = entry.open();
    const name = joinPath(volume.volume.volume.name as Path, entry.path);
    const saved = target.folder.save(name, source, bound(target.beat, source.size));
    source.close();
    target.left -= saved.size;
    return { ...line, sha256: saved.sha256, saved };
  } catch (error) {
    if (!(error instanceof Broken || error instanceof OverBudget || error instanceof ReadError)) throw error;
    return { ...line, saved: null, why: error.message };
  }
}

/** A hostile file system promises sparse files of any size: four times the bytes of the disk, and some, are enough for all. */
const FOLD = 4;
const MOST_ZEROS = 64 * 2 ** 30;
/** A file that gives fewer bytes than these in a millisecond, after a minute of patience, would never come to an end. */
const SLOWEST = 4096;
const PATIENCE = 60_000;

/** Calls `beat`, and ends what takes too long for so many bytes. */
function bound(beat: () => void, size: number): () => void {
  const allowed = PATIENCE + size / SLOWEST;
  const deadline = performance.now() + allowed;
  return () => {
    beat();
    if (performance.now() > deadline) throw new OverBudget('milliseconds of copying', Math.round(allowed));
  };
}

function whyNotCopied(entry: Entry, { verdict, reasons }: FileLine, { left }: Target): string | null {
  if (isSalvaged(entry) && entry.state !== 'untouched') return reasons[0]?.text ?? entry.state;
  if (entry.unreadable !== null || verdict === 'unread') return reasons[0]?.text ?? 'unread';
  if (entry.protection !== null) return `encrypted by its owner: ${entry.protection}`;
  return entry.size > left ? 'larger, with those before it, than its disk could hold' : null;
}
