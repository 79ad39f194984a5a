import { createHash } from 'node:crypto';
import { verdicts } from '../ledger/terms.ts';
import type { FileLine } from '../report/line.ts';
import type { Path } from '../sources/folders/path.ts';
import { toBuffer } from '../sources/folders/path.ts';
import type { KnownGood } from '../verdict/known-good.ts';
import { DigestList, type DigestTable, lookUp } from './digest-table.ts';

/** Hashes that a baseline may have. MD5 is left out: files with one MD5 can be made at will. */
export type HashName = 'sha256' | 'sha1';

/** A known-good state, as it crosses threads: about 29 bytes of memory for each hash and each path, shared by all. */
export interface Baseline {
  readonly hashes: Readonly<Partial<Record<HashName, DigestTable>>>;
  /** By the digest of the path relative to its root; null where the list tells hashes alone. */
  readonly paths: DigestTable | null;
  readonly formats: readonly string[];
  /** Files whose hash is in it. */
  readonly files: number;
}

/** So many hashes or paths at most: 3.7 GB of memory. */
export const MOST_ENTRIES = 128_000_000;

/** Stands for a path that has several files. */
const AMBIGUOUS = 0xffffffff;

/** Gathers a baseline. */
export class BaselineBuilder {
  readonly #hashes = { sha256: new DigestList(), sha1: new DigestList() };
  readonly #paths = new DigestList();
  readonly #formats = new Map<string | null, number>([[null, 0]]);

  get entries(): number {
    return this.#hashes.sha256.length + this.#hashes.sha1.length + this.#paths.length;
  }

  get files(): number {
    return Math.max(this.#hashes.sha256.length, this.#hashes.sha1.length);
  }

  addHash(name: HashName, hex: string): void {
    this.#hashes[name].add(Buffer.from(hex, 'hex'), 1);
  }

  /** @param path relative to its root */
  addPath(path: Path, { format, verdict }: Pick<FileLine, 'format' | 'verdict'>): void {
    const number = this.#formats.get(format) ?? this.#formats.size;
    this.#formats.set(format, number);
    this.#paths.add(digestOf(path), 1 + number * verdicts.length + verdicts.indexOf(verdict));
  }

  build(): Baseline {
    const { sha256, sha1 } = this.#hashes;
    const first = (earlier: number) => earlier;
    return {
      hashes: {
        ...(sha256.length > 0 ? { sha256: sha256.toTable(first) } : {}),
        ...(sha1.length > 0 ? { sha1: sha1.toTable(first) } : {}),
      },
      paths: this.#paths.length === 0 ? null : this.#paths.toTable((a, b) => (a === b ? a : AMBIGUOUS)),
      formats: [...this.#formats.keys()].map((format) => format ?? ''),
      files: this.files,
    };
  }
}

/** What the baseline says of a file; undefined where that's nothing. @param path relative to its root */
export function knownGoodOf(
  { hashes, paths, formats }: Baseline,
  path: Path,
  digests: Readonly<Partial<Record<HashName, Uint8Array>>>,
): KnownGood | undefined {
  const has = (name: HashName) => {
    const [table, digest] = [hashes[name], digests[name]];
    return table !== undefined && digest !== undefined && lookUp(table, digest) !== 0;
  };
  if (has('sha256')) return { kind: 'same', by: 'SHA-256' };
  if (has('sha1')) return { kind: 'same', by: 'SHA-1' };
  const value = paths === null ? 0 : lookUp(paths, digestOf(path));
  if (value === 0 || value === AMBIGUOUS) return undefined;
  const format = formats[Math.floor((value - 1) / verdicts.length)]!;
  return {
    kind: 'other',
    format: format === '' ? null : format,
    verdict: verdicts[(value - 1) % verdicts.length]!,
  };
}

function digestOf(path: Path): Uint8Array {
  return createHash('sha256').update(toBuffer(path)).digest();
}
