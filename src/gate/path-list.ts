import { randomBytes } from 'node:crypto';
import { createWriteStream, statSync, type WriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { type Path, toBuffer } from '../sources/folders/path.ts';

/**
 * Paths as `rsync --files-from --from0`, `tar --null -T` and `xargs -0` take them: the bytes of each, then NUL. A
 * relative one begins with `./`, as rsync takes `#` and `;` for the beginning of a remark, and others `-` for an option.
 */
export function toListed(path: Path): Buffer {
  const isRooted = path.startsWith('/') || path.startsWith('./');
  return Buffer.concat([Buffer.from(isRooted ? '' : './'), toBuffer(path), Buffer.of(0)]);
}

/** The path as the archive has it, which is how `tar -x` compares: for lists of an archive's members. */
export function toMember(path: Path): Buffer {
  return Buffer.concat([toBuffer(path), Buffer.of(0)]);
}

/** How a path stands in a list. */
export type ListForm = (path: Path) => Buffer;

/** A list of paths in a file, which appears under its name only once it's whole. */
export class PathList {
  readonly #stream: WriteStream;
  readonly #target: string;
  readonly #part: string | null;
  readonly #form: ListForm;
  #failure: Error | null = null;

  private constructor(stream: WriteStream, target: string, part: string | null, form: ListForm) {
    this.#form = form;
    this.#stream = stream;
    this.#target = target;
    this.#part = part;
    stream.on('error', (error) => {
      this.#failure ??= error;
    });
  }

  /** @throws what the system says where it can't be made */
  static async create(target: string, form: ListForm = toListed): Promise<PathList> {
    const part = isSpecial(target) ? null : `${target}.${randomBytes(4).toString('hex')}.part`;
    const stream = createWriteStream(part ?? target, part === null ? {} : { flags: 'wx' });
    await new Promise<void>((opened, failed) => stream.once('open', () => opened()).once('error', failed));
    return new PathList(stream, target, part, form);
  }

  /** @throws what the system says, as on a full disk */
  async add(path: Path): Promise<void> {
    if (this.#failure !== null) throw this.#failure;
    if (this.#stream.write(this.#form(path))) return;
    await new Promise<void>((resume) => this.#stream.once('drain', resume).once('close', resume));
  }

  /** Gives the list its name. @throws what the system says */
  async finish(): Promise<void> {
    if (this.#failure !== null) throw this.#failure;
    this.#stream.end();
    await finished(this.#stream);
    if (this.#part !== null) await rename(this.#part, this.#target);
  }

  /** Leaves nothing behind. */
  async drop(): Promise<void> {
    this.#stream.destroy();
    if (this.#part !== null) await rm(this.#part, { force: true });
  }
}

/** A pipe or a device can't be renamed: what it is given is gone. */
function isSpecial(target: string): boolean {
  const stats = statSync(target, { throwIfNoEntry: false });
  return stats !== undefined && !stats.isFile();
}
