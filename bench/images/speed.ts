import { mkdirSync, rmSync } from 'node:fs';
import { extractImage, listImage } from './our-tree.ts';
import { median, run, timeOf } from './tools.ts';

/** Of listing, which is over in a moment. */
const ROUNDS = 15;

/** Listing against `fls -r -p`, extracting against `tsk_recover`; false where our fastest round is slower than theirs. */
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
  /** Milliseconds of each round. */
  readonly theirs: readonly number[];
  readonly ours: readonly number[];
  /** Of the fastest rounds, which other processes disturbed least. */
  readonly ratio: number;
}

/** Both in turn, so that what else the machine does hits both. */
function ratioOf(rounds: number, theirs: () => unknown, ours: () => unknown): Ratio {
  const pairs = Array.from({ length: rounds }, () => ({ theirs: timeOf(theirs), ours: timeOf(ours) }));
  const all = { theirs: pairs.map((pair) => pair.theirs), ours: pairs.map((pair) => pair.ours) };
  return { ...all, ratio: Math.min(...all.theirs) / Math.min(...all.ours) };
}

function describe({ theirs, ours, ratio }: Ratio): string {
  const fastest = `${Math.min(...theirs).toFixed(0)} ms / ${Math.min(...ours).toFixed(0)} ms, ratio ${ratio.toFixed(2)}`;
  return `${fastest}; of the middle rounds ${(median(theirs) / median(ours)).toFixed(2)}`;
}

function intoFolder(folder: string, work: (folder: string) => void): void {
  mkdirSync(folder, { recursive: true });
  work(folder);
  rmSync(folder, { recursive: true });
}
