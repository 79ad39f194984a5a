import { type Range, union } from '../../src/bytes/range.ts';
import type { ByteSource } from '../../src/bytes/source.ts';
import { toBuffer } from '../../src/sources/folders/path.ts';
import type { Entry, SalvagedEntry, Salvager } from '../../src/sources/images/file-system.ts';
import { Damage } from '../../src/sources/images/file-systems/damage.ts';
import { HitSource, hitLayouts } from './hit-source.ts';
import { hashOf, openFileSystem } from './our-tree.ts';
import type { Tree } from './source-tree.ts';

interface Known {
  readonly path: string;
  readonly entry: Entry;
}

/** What is known of a volume before it's hit. */
export interface Trial {
  readonly title: string;
  readonly volume: ByteSource;
  readonly salvager: Salvager;
  readonly tree: Tree;
  /** Where names stand that aren't among the metadata of their entries, by path; those that are left out count as never hit. */
  readonly names: ReadonlyMap<string, Range>;
  /** Share of the files of which nothing was hit that must come back under their names, in the layout of that name. */
  readonly least: (layout: string) => number;
}

/** Hits the volume in each layout, and says whether enough comes back, and nothing wrong. */
export function judgeSalvage(trial: Trial): boolean {
  const files = knownFiles(trial.volume);
  const reached = hitLayouts.map(({ name, ranges }) =>
    report(trial, files, name, new Damage(union(ranges(trial.volume.size)))),
  );
  return reached.every(Boolean);
}

function knownFiles(volume: ByteSource): Known[] {
  const entries = [...openFileSystem(volume).entries()].filter(({ kind }) => kind === 'file');
  return entries.map((entry) => ({ entry, path: textOf(entry) }));
}

function report(
  { title, tree, volume, salvager, names, least }: Trial,
  files: readonly Known[],
  layout: string,
  damage: Damage,
): boolean {
  const start = performance.now();
  const { entries } = salvager.salvage(new HitSource(volume, damage.ranges), damage.ranges);
  const salvaged = [...entries].filter(({ kind }) => kind === 'file');
  const seconds = (performance.now() - start) / 1000;
  const { right, wrong, nameless } = check(salvaged, files, tree);
  const whole = files.filter(({ entry }) => isWhole(entry, names.get(entry.path), damage));
  const found = whole.filter(({ path }) => right.has(path)).length;
  const contents = files.filter(({ entry }) => isWhole(entry, undefined, damage)).length;
  const share = whole.length === 0 ? 1 : found / whole.length;
  console.log(
    `${title}, ${layout}: of ${files.length} files nothing was hit of ${whole.length}; found by name ${(100 * share).toFixed(1)} %; ` +
      `contents and inode stand of ${contents}, found ${right.size + nameless}; wrong ${wrong}; ${seconds.toFixed(1)} s`,
  );
  return share >= least(layout) && wrong === 0;
}

/** Sorts what claims to be untouched into right, found without a name, and wrong: by the source tree. */
function check(salvaged: readonly SalvagedEntry[], files: readonly Known[], tree: Tree) {
  const paths = new Map(files.map(({ entry, path }) => [entry.id, path]));
  const right = new Set<string>();
  let [wrong, nameless] = [0, 0];
  for (const entry of salvaged) {
    const path = paths.get(entry.id);
    const isNamed = entry.naming === 'none' || (path !== undefined && isNameOf(entry, path));
    if (!isNamed) wrong++;
    if (entry.state !== 'untouched' || !isNamed) continue;
    if (path === undefined || hashOf(entry.open()) !== tree.get(path)?.sha256) wrong++;
    else if (entry.naming === 'none') nameless++;
    else right.add(path);
  }
  return { right, wrong, nameless };
}

function isNameOf(entry: SalvagedEntry, path: string): boolean {
  const claimed = textOf(entry);
  if (entry.naming === 'full') return claimed === path;
  return claimed.slice(claimed.lastIndexOf('/') + 1) === path.slice(path.lastIndexOf('/') + 1);
}

function isWhole(entry: Entry, name: Range | undefined, damage: Damage): boolean {
  const own = name === undefined ? entry.metadata : [...entry.metadata, name];
  return (
    own.every(({ start, end }) => !damage.hits(start, end)) && damage.inFile(entry.extents()).length === 0
  );
}

function textOf(entry: Entry): string {
  return toBuffer(entry.path).toString('latin1');
}
