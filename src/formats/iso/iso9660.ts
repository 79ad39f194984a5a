import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context, Format } from '../format.ts';
import { accountSlack } from '../slack.ts';
import { examinePieces } from '../stored.ts';
import { accountTail } from '../tail.ts';
import { accountBootCatalogue } from './boot.ts';
import { readVolumes, type Volume } from './descriptors.ts';
import { type IsoRecord, readRecord, walkDirectory } from './directory.ts';
import { accountPathTables } from './path-table.ts';

export const iso9660: Format = {
  id: 'iso9660',
  title: 'ISO 9660 image',
  extensions: ['iso', 'cdr', 'iso9660'],
  signatures: [{ at: 32_769, hex: '434430303101' }],
  spec: 'ECMA-119 §6–9; SUSP and Rock Ridge 1.12; Joliet; El Torito 1.0',
  proof:
    'places and sizes that stand twice, path tables in both byte orders, files by what they prove themselves; UDF and HFS structures beside them by contrast',
  texture: 'packed',
  verify(reader: Reader, ledger: Ledger, context: Context): void {
    const volumes = readVolumes(reader, ledger);
    const tree = new IsoTree(reader, ledger, context);
    for (const volume of volumes) tree.walk(volume);
    accountBootCatalogue(reader, ledger);
    const end = Math.min(reader.size, Math.max(...volumes.map(({ size }) => size)));
    accountRest(reader, ledger, end);
    accountTail(reader, ledger, end);
  },
};

/** Blocks that no directory leads to: zeros, boot images, structures of other file systems. */
function accountRest(reader: Reader, ledger: Ledger, end: number): void {
  for (const gap of ledger.ranges('unaccounted')) {
    if (gap.end - gap.start < 512 || gap.start >= end) continue;
    accountSlack(reader, ledger, gap.start, Math.min(gap.end, end), 'blocks outside of the tree');
  }
}

const MOST_FILES = 1_000_000;

/** All directories and files of the volumes; what several of them name is looked at once. */
class IsoTree {
  readonly #reader: Reader;
  readonly #ledger: Ledger;
  readonly #context: Context;
  readonly #seen = new Set<number>();

  constructor(reader: Reader, ledger: Ledger, context: Context) {
    this.#reader = reader;
    this.#ledger = ledger;
    this.#context = context;
  }

  walk(volume: Volume): void {
    try {
      accountPathTables(this.#reader, this.#ledger, volume);
    } catch (error) {
      this.#note(error);
    }
    const root = readRecord(this.#reader, volume.rootAt, volume.blockSize, volume.isJoliet);
    this.#ledger.account(volume.rootAt, volume.rootAt + 34, 'structure', 'root directory', 32);
    const pending: { readonly extent: Range; readonly path: string }[] = [{ extent: root, path: '' }];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const { extent, path } = next;
      if (!this.#isNew(extent)) continue;
      try {
        for (const folder of this.#takeFiles(volume, extent, path)) {
          pending.push({ extent: folder, path: `${path}${folder.name}/` });
        }
      } catch (error) {
        this.#note(error);
      }
    }
  }

  /** Examines the files of a directory; gives the directories in it. */
  #takeFiles(volume: Volume, extent: Range, path: string): IsoRecord[] {
    const folders: IsoRecord[] = [];
    let pieces: Range[] = [];
    for (const record of walkDirectory(
      this.#reader,
      this.#ledger,
      extent,
      volume.blockSize,
      volume.isJoliet,
    )) {
      if (record.name === '.' || record.name === '..') continue;
      if (record.isDirectory) {
        folders.push(record);
        continue;
      }
      pieces.push(this.#within(record));
      if (record.goesOn) continue;
      this.#takeFile(`${path}${record.name}`, pieces, volume.blockSize);
      pieces = [];
    }
    return folders;
  }

  #within({ start, end, name }: IsoRecord): Range {
    const { size } = this.#reader;
    if (end <= size) return { start, end };
    this.#ledger.broken(new Truncated(size, `extent of ${name}`, end - size));
    return { start: Math.min(start, size), end: size };
  }

  #takeFile(name: string, pieces: readonly Range[], blockSize: number): void {
    const filled = pieces.filter(({ start, end }) => end > start);
    const [first] = filled;
    if (first === undefined || !this.#isNew(first)) return;
    examinePieces({ reader: this.#reader, ledger: this.#ledger, context: this.#context }, filled, name);
    for (const { end } of filled) {
      const blockEnd = Math.min(this.#reader.size, Math.ceil(end / blockSize) * blockSize);
      accountSlack(this.#reader, this.#ledger, end, blockEnd, 'room behind a file');
    }
  }

  #isNew({ start }: Range): boolean {
    if (this.#seen.has(start)) return false;
    if (this.#seen.size >= MOST_FILES)
      throw new Broken(start, 'files of an image', `at most ${MOST_FILES}`, 'more');
    this.#seen.add(start);
    return true;
  }

  #note(error: unknown): void {
    if (!(error instanceof Broken)) throw error;
    this.#ledger.broken(error);
  }
}
