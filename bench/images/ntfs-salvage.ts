import { readFileSync, writeFileSync } from 'node:fs';
import { FileSource } from '../../src/bytes/file-source.ts';
import { intersection, type Range, union } from '../../src/bytes/range.ts';
import type { ByteSource } from '../../src/bytes/source.ts';
import { toBuffer } from '../../src/sources/folders/path.ts';
import type { Entry, Extent, SalvagedEntry } from '../../src/sources/images/file-system.ts';
import { ntfs } from '../../src/sources/images/file-systems/ntfs/ntfs.ts';
import { ntfsSalvager } from '../../src/sources/images/file-systems/ntfs/salvage/salvager.ts';
import { HitSource, hitLayouts } from './hit-source.ts';
import { moveTable } from './ntfs-move-table.ts';
import { makeVolume, ntfsMakers } from './ntfs-volume.ts';
import { hashOf } from './our-tree.ts';
import type { Part } from './part.ts';
import type { Tree } from './source-tree.ts';
import { succeeds } from './tools.ts';

const SIZE = 1100 << 20;
/** Share of the files of which nothing was hit that must come back. */
const LEAST = 0.94;

export const ntfsSalvagePart: Part = {
  name: 'ntfs-salvage',
  title:
    '20,000 files in a hit volume of 1.1 GiB at 1 MiB of its disk: those of which nothing was hit come back, none wrong',
  needs: ntfsMakers,
  async run(scratch) {
    if (!succeeds('test', ['-w', '/dev/fuse'])) {
      console.log('skipped: needs FUSE to fill volumes');
      return true;
    }
    const image = `${scratch}/image`;
    const tree = await makeVolume(scratch, image, SIZE, ['-c', '4096'], 20_000);
    const isMkntfs = judge('$MFT where mkntfs puts it', image, tree);
    const bytes = readFileSync(image);
    moveTable(bytes);
    writeFileSync(image, bytes);
    return judge('$MFT where Windows puts it', image, tree) && isMkntfs;
  },
};

function judge(title: string, image: string, tree: Tree): boolean {
  const volume = new FileSource(image);
  const files = [...ntfs.open(volume).entries()].filter(({ kind }) => kind === 'file');
  const reached = hitLayouts.map(({ name, ranges }) => {
    const hits = union(ranges(volume.size));
    return report(`${title}, ${name}`, tree, files, new HitSource(volume, hits), hits);
  });
  volume.close();
  return reached.every(Boolean);
}

interface Tally {
  full: number;
  leaf: number;
  wrong: number;
  invented: number;
}

function report(
  title: string,
  tree: Tree,
  files: readonly Entry[],
  volume: ByteSource,
  hits: Range[],
): boolean {
  const start = performance.now();
  const { entries } = ntfsSalvager.salvage(volume, hits);
  const salvaged = [...entries];
  const seconds = (performance.now() - start) / 1000;
  const clean = new Set(files.filter((file) => isClean(file, hits)).map(keyOf));
  const tally: Tally = { full: 0, leaf: 0, wrong: 0, invented: 0 };
  const known = new Map(files.map((file) => [keyOf(file), textOf(file)]));
  for (const entry of salvaged) if (entry.kind === 'file') count(tally, tree, known, clean, entry);
  const share = clean.size === 0 ? 1 : (tally.full + tally.leaf) / clean.size;
  console.log(
    `${title}: of ${files.length} files nothing was hit of ${clean.size}; found ${(100 * share).toFixed(1)} % ` +
      `(${tally.full} with path, ${tally.leaf} with name), wrong ${tally.wrong}, paths invented ${tally.invented}; ` +
      `${salvaged.length} entries in ${seconds.toFixed(1)} s`,
  );
  return share >= LEAST && tally.wrong === 0 && tally.invented === 0;
}

/** Counts each entry that claims to be untouched by what the source says. */
function count(
  tally: Tally,
  tree: Tree,
  known: ReadonlyMap<string, string>,
  clean: ReadonlySet<string>,
  entry: SalvagedEntry,
): void {
  const path = textOf(entry);
  if (entry.naming === 'full' && !tree.has(path)) tally.invented++;
  if (entry.state !== 'untouched') return;
  const key = keyOf(entry);
  const expected = tree.get(known.get(key) ?? '');
  if (expected === undefined || hashOf(entry.open()) !== expected.sha256) tally.wrong++;
  else if (clean.has(key)) tally[entry.naming === 'full' ? 'full' : 'leaf']++;
}

function isClean(file: Entry, hits: readonly Range[]): boolean {
  return intersection(hits, union([...file.metadata, ...file.extents().flatMap(placeOf)])).length === 0;
}

function placeOf(extent: Extent): Range[] {
  if (extent.kind === 'zero') return [];
  const length = extent.kind === 'compressed' ? extent.stored : extent.end - extent.start;
  return [{ start: extent.at, end: extent.at + length }];
}

/** A name of a record: the path may have lost its beginning. */
function keyOf(entry: Entry): string {
  return `${entry.id} ${entry.path.slice(entry.path.lastIndexOf('/') + 1)}`;
}

function textOf(entry: Entry): string {
  return toBuffer(entry.path).toString('latin1');
}
