import { closeSync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { ApplyError } from './apply-error.ts';

/** Two restorations into one folder would remove each other's half-written files. */
const NAME = '.unscathed-restore.lock';

/** Takes the folder for this process. Gives what lets it go. @throws ApplyError while another one has it */
export function lockFolder(folder: string): () => void {
  const path = join(folder, NAME);
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      const file = openSync(path, 'wx', 0o600);
      writeSync(file, ownMark());
      closeSync(file);
      return () => unlinkSync(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const owner = readOwner(path);
    if (owner !== null && isAlive(owner)) {
      throw new ApplyError(`process ${owner.process} restores into ${folder} at the moment (${path})`);
    }
    removeStale(path);
  }
  throw new ApplyError(`${path} can't be taken`);
}

interface Owner {
  readonly process: number;
  /** When it was started, by the system's clock: numbers of processes are used again. */
  readonly started: string;
}

function ownMark(): string {
  return `${process.pid} ${startOf(process.pid)}\n`;
}

function readOwner(path: string): Owner | null {
  try {
    const [number, started = ''] = readFileSync(path, 'utf8').trim().split(' ');
    const owner = Number(number);
    return Number.isSafeInteger(owner) && owner > 0 ? { process: owner, started } : null;
  } catch {
    // Let go of meanwhile.
    return null;
  }
}

function isAlive({ process: number, started }: Owner): boolean {
  try {
    process.kill(number, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return started === startOf(number);
}

/** Field 22 of `/proc/PID/stat` (proc(5)); empty elsewhere. */
function startOf(number: number): string {
  try {
    const stat = readFileSync(`/proc/${number}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function removeStale(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
