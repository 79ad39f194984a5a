import { Broken, OverBudget, ReadError } from '../bytes/errors.ts';
import type { ByteSource } from '../bytes/source.ts';
import { printable } from '../report/text.ts';
import { exitCode, UsageError } from './exit.ts';
import { type ImageEntry, imageEntries, isPath, openForCommand, trimPath } from './image-entries.ts';
import { LineOutput } from './output.ts';

export interface CatOptions {
  readonly deleted?: boolean;
  readonly snapshot?: string;
}

const PIECE = 1 << 20;

/** Writes a file of a disk image to standard output, and returns the exit code. @throws UsageError */
export async function printFromImage(path: string, given: string, options: CatOptions): Promise<number> {
  const image = openForCommand(path, options.snapshot);
  try {
    const found = find(imageEntries(image, { deleted: options.deleted === true }), trimPath(given));
    if (found === null) throw new UsageError(`${path} has no file ${given}`);
    const { entry } = found;
    if (entry.unreadable !== null || entry.protection !== null)
      return fail(given, entry.unreadable ?? `encrypted by its owner: ${entry.protection}`);
    return await print(() => entry.open(), given);
  } finally {
    image.close();
  }
}

function find(entries: Iterable<ImageEntry>, given: string): ImageEntry | null {
  for (const found of entries) if (found.entry.kind === 'file' && isPath(found.path, given)) return found;
  return null;
}

/** What was written before an error is right; the exit code tells that it isn't all. */
async function print(open: () => ByteSource, given: string): Promise<number> {
  const output = LineOutput.toStream(process.stdout, 'standard output');
  try {
    const source = open();
    for (let at = 0; at < source.size && !output.closed; at += PIECE) {
      const piece = Buffer.alloc(Math.min(PIECE, source.size - at));
      const got = source.read(piece, at);
      await output.writeBytes(shown(piece.subarray(0, got)));
      if (got < piece.length) return fail(given, 'its bytes end early');
    }
    source.close();
    return exitCode.safe;
  } catch (error) {
    if (error instanceof ReadError || error instanceof Broken || error instanceof OverBudget)
      return fail(given, error.message);
    throw error;
  }
}

/** A terminal must not act on what evidence contains; a pipe or a file gets the bytes as they are. */
function shown(piece: Buffer): Buffer {
  if (!process.stdout.isTTY) return piece;
  return Buffer.from(piece.toString().replace(/[^\n\t]+/g, printable));
}

function fail(given: string, why: string): number {
  process.stderr.write(`unscathed: ${printable(given)}: ${printable(why)}\n`);
  return exitCode.incomplete;
}
