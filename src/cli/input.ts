import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { ByteSource } from '../bytes/source.ts';
import { Spool, SpoolError } from '../sources/streams/spool.ts';
import { openStored, type StoredBytes } from '../sources/streams/stored-bytes.ts';
import { UsageError } from './exit.ts';

/** What stands for standard input where a file is asked for. */
export const STDIN = '-';

/** The bytes of a file, or of standard input, as they come. @throws UsageError where the file can't be opened */
export async function openStream(file: string): Promise<AsyncIterable<Uint8Array>> {
  if (file === STDIN) return process.stdin;
  try {
    return createReadStream(file, { fd: await open(file) });
  } catch (error) {
    throw new UsageError(`${file}: ${(error as Error).message}`);
  }
}

/** So much of standard input is kept in memory, in bytes; more goes to a temporary file without a name. */
const IN_MEMORY = 64 << 20;
const MOST = 2 ** 42;

/** All of standard input, to be examined as one file. @throws UsageError where there is no room for it */
export async function readStdin(): Promise<ByteSource> {
  const spool = new Spool({ memory: IN_MEMORY, most: MOST });
  try {
    for await (const piece of process.stdin) spool.add(piece as Uint8Array);
  } catch (error) {
    spool.drop();
    if (error instanceof SpoolError) throw new UsageError(`standard input: ${error.message}`);
    throw error;
  }
  const stored: Pick<StoredBytes, 'kept' | 'sparse'> = { kept: spool.finish(), sparse: null };
  return openStored(stored);
}
