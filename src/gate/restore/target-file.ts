import { createHash } from 'node:crypto';
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  futimesSync,
  linkSync,
  lstatSync,
  openSync,
  renameSync,
  type Stats,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { FileSource } from '../../bytes/file-source.ts';
import type { Path } from '../../sources/folders/path.ts';
import type { Anchored } from './anchored.ts';

/** The file can't be restored as planned; the others can. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

/** What a plan promises of the bytes. */
export interface Promised {
  readonly size: number;
  readonly sha256: string;
}

const PIECE = 1 << 20;
const LONGEST_NAME = 255;
const NEW_FILE = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);
/** Neither who runs it nor a group is lent to others by a file that comes out of a backup. */
const MODE = 0o777;

/** A file to be written: first under a name of its own in the target's folder, then, once it's verified, under its name. */
export class TargetFile {
  readonly folder: Anchored;
  readonly name: Path;
  /** Ends as the name does, since the extension tells what the bytes should be. */
  readonly temporaryName: Path;
  #inode: string | null = null;

  constructor(folder: Anchored, name: Path) {
    this.folder = folder;
    this.name = name;
    const mark = `.unscathed-${createHash('sha256').update(name).digest('hex').slice(0, 12)}.`;
    this.temporaryName = (mark + endOf(name, LONGEST_NAME - mark.length)) as Path;
  }

  /** What is there under the name. @throws Refusal where that's no file */
  existing(): Stats | null {
    const stats = lstatSync(this.folder.of(this.name), { throwIfNoEntry: false });
    if (stats === undefined) return null;
    if (stats.isSymbolicLink()) throw new Refusal('a symbolic link has its name in the target');
    if (!stats.isFile()) throw new Refusal('something that is no file has its name in the target');
    return stats;
  }

  /** Whether the file under the name has these bytes already. */
  holds({ size, sha256 }: Promised): boolean {
    const source = new FileSource(this.folder.of(this.name));
    try {
      return source.size === size && hash(source) === sha256;
    } finally {
      source.close();
    }
  }

  /**
   * Copies the bytes under the temporary name, hashed on the way, with rights and time of modification, and waits until
   * the disk has them. @throws Refusal where they aren't the promised ones; what `node:fs` throws
   */
  write(source: FileSource, promised: Promised): void {
    if (source.size !== promised.size) {
      throw new Refusal(`the source changed: it has ${source.size} bytes, not ${promised.size}`);
    }
    this.discard();
    const file = openSync(this.folder.of(this.temporaryName), NEW_FILE, 0o600);
    let isWhole = false;
    try {
      if (copy(source, file) !== promised.sha256) {
        throw new Refusal('the source changed: its SHA-256 is another one');
      }
      fchmodSync(file, source.stats.mode & MODE);
      futimesSync(file, source.stats.atimeMs / 1000, source.stats.mtimeMs / 1000);
      fsyncSync(file);
      this.#inode = inodeOf(fstatSync(file, { bigint: true }));
      isWhole = true;
    } finally {
      closeSync(file);
      if (!isWhole) this.discard();
    }
  }

  /** Gives the file its name. @throws Refusal where another one has it meanwhile, unless `replace` */
  commit(replace: boolean): void {
    const temporary = this.folder.of(this.temporaryName);
    if (inodeOf(lstatSync(temporary, { bigint: true })) !== this.#inode) {
      throw new Refusal('someone put another file in the place of the copy');
    }
    if (replace) {
      this.existing();
      renameSync(temporary, this.folder.of(this.name));
      return;
    }
    this.#name(temporary);
  }

  /** Removes what stands under the temporary name, as a run that was killed leaves it. */
  discard(): void {
    try {
      unlinkSync(this.folder.of(this.temporaryName));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }

  /** A second name can't take the place of another file, as `rename` would. Not all file systems have second names. */
  #name(temporary: Buffer): void {
    const wanted = this.folder.of(this.name);
    try {
      linkSync(temporary, wanted);
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST') throw new Refusal('a file of its name appeared in the target');
      if (!NO_LINKS.has(code)) throw error;
      if (this.existing() !== null) throw new Refusal('a file of its name appeared in the target');
      renameSync(temporary, wanted);
      return;
    }
    this.discard();
  }
}

const NO_LINKS: ReadonlySet<string> = new Set([
  'EPERM',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EMLINK',
  'EINVAL',
]);

/** As many characters from the end as the bytes allow. */
function endOf(name: string, bytes: number): string {
  let end = name;
  while (Buffer.byteLength(end) > bytes) end = end.slice(end.codePointAt(0)! > 0xffff ? 2 : 1);
  return end;
}

const buffer = Buffer.alloc(PIECE);

function* piecesOf(source: FileSource): Generator<Buffer> {
  for (let at = 0; at < source.size; ) {
    const piece = buffer.subarray(0, Math.min(PIECE, source.size - at));
    const got = source.read(piece, at);
    if (got < piece.length) throw new Refusal('the source changed: it became shorter');
    yield piece;
    at += got;
  }
}

function hash(source: FileSource): string {
  const sum = createHash('sha256');
  for (const piece of piecesOf(source)) sum.update(piece);
  return sum.digest('hex');
}

function copy(source: FileSource, file: number): string {
  const sum = createHash('sha256');
  for (const piece of piecesOf(source)) {
    sum.update(piece);
    for (let done = 0; done < piece.length; ) done += writeSync(file, piece, done);
  }
  return sum.digest('hex');
}

function inodeOf({ dev, ino }: { readonly dev: bigint; readonly ino: bigint }): string {
  return `${dev}:${ino}`;
}
