import { mkdirSync, rmSync } from 'node:fs';
import { extractImage, listImage } from './our-tree.ts';
import { median, processorTime, run, timeOf } from './tools.ts';

/** Of listing, which is over in a moment. */
const ROUNDS = 15;

/**
 * Listing against `fls -r -p`, extracting against `tsk_recover`; false where our fastest round is slower than theirs.
 * Ours takes its rounds in one process, so that the first ones run before anything is compiled; theirs is a process a round.
 */
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
  /** Milliseconds of processor of the later half of the rounds, when ours is compiled. */
  readonly processor: { readonly theirs: number; readonly ours: number };
  /** Of the fastest rounds, which other processes disturbed least. */
  readonly ratio: number;
}

/** Both in turn, so that what else the machine does hits both. */
function ratioOf(rounds: number, theirs: () => unknown, ours: () => unknown): Ratio {
  const all = { theirs: [] as number[], ours: [] as number[] };
  let before = processorTime();
  for (let round = 0; round < rounds; round++) {
    if (round === rounds >> 1) before = processorTime();
    all.theirs.push(timeOf(theirs));
    all.ours.push(timeOf(ours));
  }
  const after = processorTime();
  const processor = { theirs: after.children - before.children, ours: after.own - before.own };
  return { ...all, processor, ratio: Math.min(...all.theirs) / Math.min(...all.ours) };
}

function describe({ theirs, ours, processor, ratio }: Ratio): string {
  const fastest = `${Math.min(...theirs).toFixed(0)} ms / ${Math.min(...ours).toFixed(0)} ms, ratio ${ratio.toFixed(2)}`;
  const middle = `of the middle rounds ${(median(theirs) / median(ours)).toFixed(2)}`;
  return `${fastest}; ${middle}; of processor time, later half ${(processor.theirs / processor.ours).toFixed(2)}`;
}

function intoFolder(folder: string, work: (folder: string) => void): void {
  mkdirSync(folder, { recursive: true });
  work(folder);
  rmSync(folder, { recursive: true });
}
