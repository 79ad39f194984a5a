import type { Stats } from 'node:fs';
import { realpath } from 'node:fs/promises';
import fs from 'fs-extra';
import pLimit from 'p-limit';
import { reasonOf } from './entry.ts';
import { fromBytes, fromText, type Path, toSystemPath } from './path.ts';
import { displayText } from './path-text.ts';

/** A path as text, or as bytes where it isn't UTF-8. */
export type RootPath = string | Buffer;

/** Where a walk begins. */
export interface Root {
  /** As it was given, without `./` and trailing slashes; what's found below begins with it. */
  readonly path: Path;
  /** The absolute path without symbolic links. */
  readonly real: Path;
  readonly stats: Stats;
}

/** A root that isn't there, or can't be reached. Nothing was scanned. */
export class MissingRoot extends Error {
  override readonly name = 'MissingRoot';
  readonly code = 'UNSCATHED_MISSING_ROOT';
  readonly missing: readonly { readonly path: Path; readonly why: string }[];

  constructor(missing: MissingRoot['missing']) {
    super(missing.map(({ path, why }) => `${displayText(path)}: ${why}`).join('; '));
    this.missing = missing;
  }
}

/** Looks at all roots; the same place is given once. @throws MissingRoot with all that are missing */
export async function findRoots(given: readonly RootPath[]): Promise<Root[]> {
  const limit = pLimit(8);
  const looked = await Promise.allSettled(given.map((root) => limit(() => lookAt(toPath(root)))));
  const missing = looked.flatMap((look, i) =>
    look.status === 'fulfilled' ? [] : [{ path: toPath(given[i]!), why: whyMissing(look.reason) }],
  );
  if (missing.length > 0) throw new MissingRoot(missing);
  const found = looked.flatMap((look) => (look.status === 'fulfilled' ? [look.value] : []));
  return [...new Map(found.toReversed().map((root) => [root.real, root])).values()].reverse();
}

/** A link that was named by the caller stands for its target; the walk itself follows none. */
async function lookAt(path: Path): Promise<Root> {
  const real = fromRealPath(await realpath(toSystemPath(path), 'buffer'));
  const stats = await fs.lstat(toSystemPath(path));
  if (!stats.isSymbolicLink()) return { path, real, stats };
  return { path: real, real, stats: await fs.lstat(toSystemPath(real)) };
}

function toPath(root: RootPath): Path {
  return shortRoot(typeof root === 'string' ? fromText(root) : fromBytes(root));
}

/** The root without `./` and trailing slashes: what's found below begins with it. */
export function shortRoot(path: Path): Path {
  return path.replace(/^(?:\.\/+)+(?=.)/, '').replace(/(?<=[^/:])\/+$/, '') as Path;
}

function fromRealPath(bytes: Buffer): Path {
  return process.platform === 'win32' ? fromText(bytes.toString()) : fromBytes(bytes);
}

function whyMissing(error: unknown): string {
  return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'no such file or folder' : reasonOf(error);
}
