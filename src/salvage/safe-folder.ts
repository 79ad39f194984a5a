import { createHash, type Hash } from 'node:crypto';
import {
  closeSync,
  constants,
  fsyncSync,
  ftruncateSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  realpathSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { ReadError } from '../bytes/errors.ts';
import type { ByteSource } from '../bytes/source.ts';
import { toJsonLine } from '../report/ndjson.ts';
import type { Path } from '../sources/folders/path.ts';
import { alternative, safePath } from './safe-name.ts';

/** The folder isn't one into which copies of evidence may be written. Nothing was written. */
export class UnsafeFolder extends Error {
  override readonly name = 'UnsafeFolder';
  readonly code = 'UNSCATHED_UNSAFE_FOLDER';
}

/** A copy that was written. */
export interface Saved {
  /** Where, relative to the folder, `/` between segments. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly sha256: string;
}

/** Where the copies lie; the manifest stands beside, so that no name from the evidence can meet it. */
const FILES = 'files';
const MANIFEST = 'manifest.ndjson';
const PIECE = 1 << 20;
const MOST_ATTEMPTS = 10_000;
/** Never through a link, never over anything that's there. */
const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);

/**
 * A new folder for copies from evidence, and their manifest. Names come from the evidence and are made safe; nothing is
 * overwritten, nothing is written outside, nothing beside the evidence.
 */
export class SafeFolder {
  /** Absolute, without links. */
  readonly path: string;
  readonly #manifest: number;
  readonly #buffer = new Uint8Array(PIECE);
  /** Folders that were made, by the path that was asked for. */
  readonly #folders = new Map<string, string>();

  private constructor(path: string) {
    this.path = path;
    mkdirSync(join(path, FILES), { mode: 0o700 });
    this.#manifest = openSync(join(path, MANIFEST), NEW_FILE, 0o600);
  }

  /**
   * Makes the folder, with those above it; one that is there must be empty.
   * @param evidence files that were read: the folder must not lie in one of theirs
   * @throws UnsafeFolder
   */
  static make(path: string, evidence: readonly string[]): SafeFolder {
    const wanted = realPlace(resolve(path));
    for (const file of evidence) refuseBeside(wanted, file);
    try {
      mkdirSync(wanted, { recursive: true, mode: 0o700 });
      if (readdirSync(wanted).length > 0)
        throw new UnsafeFolder(`${path} is not empty: nothing is overwritten`);
      return new SafeFolder(realpathSync(wanted));
    } catch (error) {
      if (error instanceof UnsafeFolder) throw error;
      throw new UnsafeFolder(`${path}: ${(error as Error).message}`);
    }
  }

  /**
   * Copies the bytes into a new file under this name, made safe. Runs of zeros take no room.
   * @param beat called for each piece, as a sign of life
   * @throws ReadError when the bytes can't be read; then nothing is left. What `node:fs` throws when they can't be written
   */
  save(name: Path, source: ByteSource, beat: () => void = () => {}): Saved {
    const { path, file } = this.#create(safePath(name));
    let isWhole = false;
    try {
      const sha256 = this.#copy(source, file, beat);
      isWhole = true;
      return { path: `${FILES}/${path}`, size: source.size, sha256 };
    } finally {
      closeSync(file);
      if (!isWhole) unlinkSync(join(this.path, FILES, path));
    }
  }

  /** Adds a line to the manifest. */
  record(line: object): void {
    writeAll(this.#manifest, Buffer.from(toJsonLine(line)));
  }

  close(): void {
    fsyncSync(this.#manifest);
    closeSync(this.#manifest);
  }

  #create(wanted: string): { path: string; file: number } {
    const folder = this.#folderFor(dirname(wanted));
    const asked = folder === '' ? basename(wanted) : `${folder}/${basename(wanted)}`;
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
      const path = attempt === 1 ? asked : alternative(asked, attempt);
      try {
        return { path, file: openSync(join(this.path, FILES, path), NEW_FILE, 0o600) };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
    throw new UnsafeFolder(`${wanted}: ${MOST_ATTEMPTS} files of this name`);
  }

  /** The folder that stands for the one that was asked for; another name where a file took it. */
  #folderFor(wanted: string): string {
    if (wanted === '.') return '';
    const made = this.#folders.get(wanted);
    if (made !== undefined) return made;
    const above = this.#folderFor(dirname(wanted));
    const folder = this.#makeFolder(above === '' ? basename(wanted) : `${above}/${basename(wanted)}`);
    if (this.#folders.size >= MOST_REMEMBERED) this.#folders.clear();
    this.#folders.set(wanted, folder);
    return folder;
  }

  #makeFolder(asked: string): string {
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
      const folder = attempt === 1 ? asked : alternative(asked, attempt);
      try {
        mkdirSync(join(this.path, FILES, folder), { mode: 0o700 });
        return folder;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        if (lstatSync(join(this.path, FILES, folder)).isDirectory()) return folder;
      }
    }
    throw new UnsafeFolder(`${asked}: ${MOST_ATTEMPTS} files of this name`);
  }

  #copy(source: ByteSource, file: number, beat: () => void): string {
    const sum = createHash('sha256');
    for (let at = 0; at < source.size; ) {
      at += this.#copyPiece(source, at, file, sum);
      beat();
    }
    ftruncateSync(file, source.size);
    return sum.digest('hex');
  }

  #copyPiece(source: ByteSource, at: number, file: number, sum: Hash): number {
    const wanted = Math.min(PIECE, source.size - at);
    const piece = this.#buffer.subarray(0, wanted);
    const got = source.read(piece, at);
    if (got < wanted) throw new ReadError(at + got, 'the source ends early');
    sum.update(piece);
    if (!isZero(piece)) writeAll(file, piece, at);
    return got;
  }
}

const MOST_REMEMBERED = 65_536;

function writeAll(file: number, bytes: Uint8Array, at?: number): void {
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(file, bytes, done, bytes.length - done, at === undefined ? null : at + done);
  }
}

const zeros = Buffer.alloc(PIECE);

function isZero(piece: Uint8Array): boolean {
  return zeros.subarray(0, piece.length).equals(piece);
}

/** What the path stands for once links are followed; parts that aren't there yet stay as they are. */
function realPlace(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // Nothing is there: what's above tells where it would be.
    const above = dirname(path);
    return above === path ? path : join(realPlace(above), basename(path));
  }
}

function refuseBeside(wanted: string, evidence: string): void {
  const folder = dirname(realPlace(resolve(evidence)));
  const isInside =
    wanted === folder || `${wanted}${sep}`.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
  if (isInside)
    throw new UnsafeFolder(`${wanted} lies in the folder of the evidence (${folder}): choose another place`);
}
