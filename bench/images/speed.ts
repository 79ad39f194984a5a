import { mkdirSync, rmSync } from 'node:fs';
import { extractImage, listImage } from './our-tree.ts';
import { median, run, timeOf } from './tools.ts';

const ROUNDS = 7;

/** Listing against `fls -r -p`, extracting against `tsk_recover`; false where ours is slower in the middle round. */
export function compareSpeed(image: string, scratch: string): boolean {
  const cold = timeOf(() => listImage(image));
  const listing = ratioOf(
    ROUNDS,
    () => run('fls', ['-r', '-p', image]),
    () => listImage(image),
  );
  const extracting = ratioOf(
    3,
    () => intoFolder(`${scratch}/theirs`, (folder) => run('tsk_recover', ['-a', image, folder])),
    () => intoFolder(`${scratch}/ours`, (folder) => extractImage(image, folder)),
  );
  console.log(
    `listing, fls -r -p / ours: ${describe(listing)}; our first, before anything is compiled: ${cold.toFixed(0)} ms`,
  );
  console.log(`extracting, tsk_recover / ours: ${describe(extracting)}`);
  return listing.ratio >= 1 && extracting.ratio >= 1;
}

interface Ratio {
  readonly theirs: number;
  readonly ours: number;
  readonly ratio: number;
}

/** Both in turn, so that what else the machine does hits both; the middle of the rounds' ratios. */
function ratioOf(rounds: number, theirs: () => unknown, ours: () => unknown): Ratio {
  const pairs = Array.from({ length: rounds }, () => ({ theirs: timeOf(theirs), ours: timeOf(ours) }));
  return {
    theirs: median(pairs.map((pair) => pair.theirs)),
    ours: median(pairs.map((pair) => pair.ours)),
    ratio: median(pairs.map((pair) => pair.theirs / pair.ours)),
  };
}

function describe({ theirs, ours, ratio }: Ratio): string {
  return `${theirs.toFixed(0)} ms / ${ours.toFixed(0)} ms, ratio ${ratio.toFixed(2)}`;
}

function intoFolder(folder: string, work: (folder: string) => void): void {
  mkdirSync(folder, { recursive: true });
  work(folder);
  rmSync(folder, { recursive: true });
}
