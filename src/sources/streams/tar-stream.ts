import { Broken } from '../../bytes/errors.ts';
import { Meter } from '../../bytes/meter.ts';
import { Reader } from '../../bytes/reader.ts';
import { BufferSource } from '../../bytes/source.ts';
import { BLOCK, isHeader, parseHeader, type TarHeader } from '../../formats/tar/header.ts';
import { readNumber } from '../../formats/tar/numbers.ts';
import { PaxRecords, readPax } from '../../formats/tar/pax.ts';
import { readOldSparseMap, readPaxSparseMap, type SparseMap } from '../../formats/tar/sparse.ts';
import { Ledger } from '../../ledger/ledger.ts';
import type { FileEntry, WalkEntry } from '../folders/entry.ts';
import type { Path } from '../folders/path.ts';
import { displayText } from '../folders/path-text.ts';
import { defaultSpoolLimits, letGo, Spool, SpoolError, type SpoolLimits } from './spool.ts';
import { type Kept, openStored, sizeOf } from './stored-bytes.ts';
import { StreamReader } from './stream-reader.ts';
import { nameInHeader, recordIn, toMemberPath, upToZero } from './tar-name.ts';

/** The stream is no tar archive from its first byte on: nothing was examined. */
export class NoTar extends Error {
  override readonly name = 'NoTar';
  readonly code = 'UNSCATHED_NO_TAR';
}

/** What stands in the place of a file's data, by type (POSIX pax, ustar Interchange Format, typeflag). */
const noFiles: Readonly<Record<string, string>> = {
  '2': 'symbolic link',
  '3': 'character device',
  '4': 'block device',
  '6': 'named pipe',
};
/** What was taken last. */
type Block = 'none' | 'member' | 'zeros' | 'lost';

/** Every writer puts zeros at the end: without them, the one that wrote was stopped. */
const whyUnended: Readonly<Record<Block, string | null>> = {
  none: 'the archive is empty: not a single byte came',
  member: 'the archive has no end: files may be missing',
  zeros: null,
  lost: null,
};

/** Extended headers are as long as their longest path, in bytes. */
const LONGEST_HEADER = 1 << 20;
/** Holes beyond that cost more than they tell, in bytes. */
const MOST_HOLES = 2 ** 30;
const MOST_SPARSE_BLOCKS = 50_000;

/**
 * The members of an archive as its bytes come by, each as if it were a file found by the walk, its bytes kept until
 * it's examined. What can't be read is an entry, too: nothing is left out in silence.
 * @param archive what to call the archive where it's wrong itself
 * @throws NoTar before the first entry; what the stream throws
 */
export function readTar(
  stream: AsyncIterable<Uint8Array>,
  archive: Path,
  limits: SpoolLimits = defaultSpoolLimits,
): AsyncGenerator<WalkEntry[]> {
  return new TarStream(new StreamReader(stream), archive, limits).entries();
}

class TarStream {
  readonly #reader: StreamReader;
  readonly #archive: Path;
  readonly #limits: SpoolLimits;
  readonly #global = new PaxRecords();
  #extended = new PaxRecords();
  /** As an extended header or a member of its own gives it, for the member that follows. */
  #name: Buffer | null = null;

  constructor(reader: StreamReader, archive: Path, limits: SpoolLimits) {
    this.#reader = reader;
    this.#archive = archive;
    this.#limits = limits;
  }

  async *entries(): AsyncGenerator<WalkEntry[]> {
    let last: Block = 'none';
    try {
      while (true) {
        const at = this.#reader.at;
        const block = Buffer.from(await this.#reader.take(BLOCK));
        if (block.length === 0) break;
        const header = isZero(block) ? null : this.#headerIn(block, at);
        if (header !== null) yield* this.#take(header, block);
        else if (!isZero(block) && last !== 'lost') yield [this.#unread(whatIsWrong(block, at))];
        last = header !== null ? 'member' : isZero(block) ? 'zeros' : 'lost';
      }
      const why = whyUnended[last];
      if (why !== null) yield [this.#unread(why)];
    } finally {
      await this.#reader.close();
    }
  }

  #headerIn(block: Buffer, at: number): TarHeader | null {
    if (block.length === BLOCK && isHeader(block)) {
      try {
        return parseHeader(block, at);
      } catch (error) {
        if (!(error instanceof Broken)) throw error;
      }
    }
    if (at === 0) throw new NoTar(`${displayText(this.#archive)} is no tar archive${packedHint(block)}`);
    return null;
  }

  async *#take(header: TarHeader, block: Buffer): AsyncGenerator<WalkEntry[]> {
    const size = await this.#sizeOf(header);
    const { type } = header;
    if ('xXgLNKV'.includes(type)) {
      const wrong = await this.#takeExtension(type, size);
      if (wrong !== null) yield [this.#unread(wrong)];
      return;
    }
    const path = toMemberPath(this.#name ?? nameInHeader(block, header));
    const entry = await this.#takeMember(path, header, block, size);
    this.#extended = new PaxRecords();
    this.#name = null;
    if (entry !== null) yield [entry];
  }

  /** Some writers give hard links the size of what they point to, without the data (libarchive, tar(5)). */
  async #sizeOf({ type, size: stated }: TarHeader): Promise<number> {
    const size = this.#extended.number('size') ?? this.#global.number('size') ?? stated;
    if (type in noFiles || type === '5') return 0;
    if (type !== '1' || size === 0) return size;
    const next = await this.#reader.peek(BLOCK);
    return next.length < BLOCK || isZero(next) || isHeader(next) ? 0 : size;
  }

  /** Says what is wrong; null if nothing is. */
  async #takeExtension(type: string, size: number): Promise<string | null> {
    const at = this.#reader.at;
    if (size > LONGEST_HEADER) {
      await this.#skip(size);
      return `byte ${at}: an extended header of ${size} bytes`;
    }
    const bytes = Buffer.from(await this.#reader.take(size));
    await this.#skipPadding(size);
    if (bytes.length < size) return `byte ${at}: the archive ends inside an extended header`;
    if (type === 'L' || type === 'N') this.#name = upToZero(bytes);
    if (!'xXg'.includes(type)) return null;
    try {
      const records = readPax(readerOver(bytes), new Ledger(size), { start: 0, end: size });
      if (type === 'g') this.#global.keep(records);
      else this.#extended = records;
      this.#name = recordIn(bytes, 'GNU.sparse.name') ?? recordIn(bytes, 'path') ?? this.#name;
      return null;
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      return `byte ${at}: ${error.message}`;
    }
  }

  async #takeMember(path: Path, header: TarHeader, block: Buffer, size: number): Promise<WalkEntry | null> {
    const { type } = header;
    if (type in noFiles) return { kind: 'skipped', path, why: noFiles[type]! };
    if (type === '5' || (path.endsWith('/') && size === 0)) return null;
    if (type === '1' && size === 0) return { kind: 'skipped', path, why: `hard link to ${linkIn(block)}` };
    if (type === 'D' || type === 'M') {
      await this.#skip(size);
      return type === 'D' ? null : { kind: 'unread', path, why: 'continues from another volume' };
    }
    const blocks = type === 'S' ? await this.#sparseBlocks(block) : null;
    return this.#keep(path, block, size, (kept) => this.#sparseMap(blocks, kept));
  }

  async #keep(
    path: Path,
    block: Buffer,
    size: number,
    mapOf: (kept: Kept) => SparseMap | null,
  ): Promise<WalkEntry> {
    const spool = new Spool(this.#limits);
    let got = 0;
    let problem: string | null = null;
    for await (const piece of this.#reader.pieces(size)) {
      got += piece.length;
      try {
        if (problem === null) spool.add(piece);
      } catch (error) {
        if (!(error instanceof SpoolError)) throw error;
        problem = error.message;
        spool.drop();
      }
    }
    await this.#skipPadding(size);
    if (got < size) problem = `the archive ends ${size - got} bytes too early, inside this file`;
    if (problem !== null) {
      spool.drop();
      return { kind: 'unread', path, why: problem };
    }
    return this.#entryOf(path, block, spool.finish(), mapOf);
  }

  #entryOf(path: Path, block: Buffer, kept: Kept, mapOf: (kept: Kept) => SparseMap | null): WalkEntry {
    try {
      const mtimeMs = this.#timeIn(block);
      const stored = { kept, sparse: mapOf(kept), mtimeMs };
      const size = sizeOf(stored);
      if (size - openStored({ kept, sparse: null }).size > MOST_HOLES)
        throw new Broken(0, 'holes of a sparse file', `at most ${MOST_HOLES} bytes`, size);
      // An archive's times are what its maker says: by them nothing counts as unchanged.
      return { kind: 'file', path, size, mtimeMs, ctimeMs: Number.POSITIVE_INFINITY, stored };
    } catch (error) {
      letGo(kept);
      if (!(error instanceof Broken)) throw error;
      return { kind: 'unread', path, why: error.message };
    }
  }

  #sparseMap(blocks: Buffer | null, kept: Kept): SparseMap | null {
    if (blocks !== null)
      return { ...readOldSparseMap(readerOver(blocks), new Ledger(blocks.length), 0), dataAt: 0 };
    const source = openStored({ kept, sparse: null });
    const reader = new Reader(source, new Meter());
    return readPaxSparseMap(reader, new Ledger(source.size), this.#extended, { start: 0, end: source.size });
  }

  /** The header with the blocks that go on with its map (GNU tar manual, Old GNU Format). */
  async #sparseBlocks(block: Buffer): Promise<Buffer> {
    const blocks = [block];
    for (let more = block[482] !== 0; more && blocks.length < MOST_SPARSE_BLOCKS; ) {
      const next = Buffer.from(await this.#reader.take(BLOCK));
      blocks.push(next);
      more = next.length === BLOCK && next[504] !== 0;
    }
    return Buffer.concat(blocks);
  }

  /** In milliseconds since 1970. */
  #timeIn(block: Buffer): number {
    const seconds = Number(this.#extended.get('mtime') ?? readNumber(block.subarray(136, 148))?.value ?? 0);
    return Number.isFinite(seconds) ? seconds * 1000 : 0;
  }

  async #skip(size: number): Promise<void> {
    await this.#reader.skip(size);
    await this.#skipPadding(size);
  }

  async #skipPadding(size: number): Promise<void> {
    await this.#reader.skip((BLOCK - (size % BLOCK)) % BLOCK);
  }

  #unread(why: string): WalkEntry {
    return { kind: 'unread', path: this.#archive, why };
  }
}

/** The entries' bytes that are kept in files are to be let go of. */
export function letGoOf(files: readonly FileEntry[]): void {
  for (const { stored } of files) if (stored !== undefined) letGo(stored.kept);
}

function readerOver(bytes: Buffer): Reader {
  return new Reader(new BufferSource(bytes), new Meter());
}

function isZero(block: Uint8Array): boolean {
  return block.every((byte) => byte === 0);
}

function linkIn(block: Buffer): string {
  return displayText(toMemberPath(upToZero(block.subarray(157, 257))));
}

function whatIsWrong(block: Buffer, at: number): string {
  if (block.length < BLOCK) return `byte ${at}: the archive ends inside a block`;
  return `byte ${at}: no tar header where one should stand; files may be missing from here on`;
}

/** Packed streams are told by their first bytes. */
const packed: readonly (readonly [hex: string, by: string])[] = [
  ['1f8b', 'gzip'],
  ['28b52ffd', 'zstd'],
  ['fd377a585a00', 'xz'],
  ['425a68', 'bzip2'],
  ['04224d18', 'lz4'],
];

function packedHint(block: Buffer): string {
  const found = packed.find(([hex]) => block.toString('hex').startsWith(hex));
  return found === undefined ? '' : `: it is packed by ${found[1]}; unpack it on the way (${found[1]} -dc)`;
}
