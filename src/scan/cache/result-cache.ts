import { lstatSync } from 'node:fs';
import type { FileLine } from '../../report/line.ts';
import type { FileEntry } from '../../sources/folders/entry.ts';
import { toSystemPath } from '../../sources/folders/path.ts';
import { workerUrl } from '../crew.ts';
import type { ScanSettings } from '../options.ts';
import type { Examined } from '../task.ts';
import { CacheError, CacheReader, CacheWriter, expectApart } from './cache-file.ts';
import { cacheKeysOf } from './cache-key.ts';
import type { CacheOptions } from './cache-options.ts';
import { isKept } from './cache-record.ts';
import { fingerprintOf } from './fingerprint.ts';

/** Results of an earlier scan of the same roots. */
export class ResultCache {
  readonly #reader: CacheReader;
  readonly #writer: CacheWriter;
  #isEnded = false;

  private constructor(reader: CacheReader, writer: CacheWriter) {
    this.#reader = reader;
    this.#writer = writer;
  }

  /** @param roots real paths @throws CacheError */
  static async open(
    { file, trustMtime = false }: CacheOptions,
    settings: ScanSettings,
    roots: readonly (string | Buffer)[],
  ): Promise<ResultCache> {
    if (settings.plugins.length > 0) throw new CacheError('results of plug-ins are not cached');
    try {
      expectApart(file, roots);
      const fingerprint = fingerprintOf(settings, workerUrl);
      const reader = await CacheReader.open(file, fingerprint, trustMtime);
      return new ResultCache(reader, new CacheWriter(file, fingerprint));
    } catch (error) {
      throw error instanceof CacheError ? error : new CacheError(`${file}: ${(error as Error).message}`);
    }
  }

  /** What was found out about the file when it was what it is now; null where nothing was. */
  find({ path }: FileEntry): Examined | null {
    const stats = lstatSync(toSystemPath(path), { bigint: true, throwIfNoEntry: false });
    const record = stats?.isFile() ? this.#reader.find(cacheKeysOf(path, stats)) : null;
    if (record === null) return null;
    const line = JSON.parse(record.text) as FileLine;
    if (!isKept(line)) return null;
    this.#writer.add(record);
    return {
      text: record.text,
      counts: { [line.verdict]: 1 },
      bytes: line.size,
      unsafe: [],
      held: { samples: record.sample === null ? [] : [record.sample], files: [] },
    };
  }

  add({ kept = [] }: Examined): void {
    for (const record of kept) this.#writer.add(record);
  }

  /** Only a complete scan has seen all files: else the old results stay. */
  end(isComplete: boolean): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#reader.close();
    if (isComplete) this.#writer.finish();
    else this.#writer.drop();
  }
}
