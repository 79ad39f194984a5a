import { spawnSync } from 'node:child_process';

/** A program that others use to look for encryption, run as it is on a file. */
export interface Tool {
  readonly id: string;
  /** Whether it calls the file encrypted; null where it isn't installed or fails. */
  accuses(path: string): boolean | null;
}

const MOST_MS = 60_000;
/** χ² of random bytes, but for 1 % on either side: what ent prints as between 1 and 99 percent. */
const LOWER = 205.4;
const UPPER = 310.5;
const HIGH = 7.5;

function outputOf(command: string, ...arguments_: string[]): string | null {
  const { status, stdout } = spawnSync(command, arguments_, { encoding: 'utf8', timeout: MOST_MS });
  return status === 0 ? stdout : null;
}

/** Third and fourth field of the last line of `ent -t`: entropy in bits per byte, and χ². */
function entOf(path: string): { entropy: number; chiSquare: number } | null {
  const fields = outputOf('ent', '-t', path)?.trim().split('\n').at(-1)?.split(',').map(Number);
  return fields === undefined ? null : { entropy: fields[2]!, chiSquare: fields[3]! };
}

export const tools: readonly Tool[] = [
  {
    id: 'ent: entropy ≥ 7.5',
    accuses: (path) => {
      const found = entOf(path);
      return found && found.entropy >= HIGH;
    },
  },
  {
    id: 'ent: χ² between 1 and 99 percent',
    accuses: (path) => {
      const found = entOf(path);
      return found && found.chiSquare >= LOWER && found.chiSquare <= UPPER;
    },
  },
  {
    id: 'file: "data", nothing known',
    accuses: (path) => {
      const found = outputOf('file', '-b', path);
      return found === null ? null : found.trim() === 'data';
    },
  },
  {
    id: 'binwalk -E: a rising edge of entropy',
    accuses: (path) => outputOf('binwalk', '-E', '-N', path)?.includes('Rising entropy edge') ?? null,
  },
];
