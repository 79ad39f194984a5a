import type { Verdict } from '../../ledger/terms.ts';
import type { Content, History, Version } from './history.ts';
import type { ListedFile } from './listed-file.ts';
import type { PathFiles } from './paths-in-snapshots.ts';

/** One file that stands for all versions with the same identity. */
interface Specimen {
  readonly file: ListedFile;
  /** The newest first. */
  readonly snapshots: number[];
  sha256: string | null;
  content: Content | null;
}

/** Something to be done before a path's history is known. */
export interface Request {
  /** `digest`: only the hash is wanted, as the content may be one that was examined. */
  readonly what: 'examine' | 'digest';
  readonly file: ListedFile;
  answer(result: Content): void;
}

export interface Depth {
  /** Whether older versions are left alone once a version with an accepted verdict was met. */
  readonly untilAccepted: boolean;
  readonly accepted: ReadonlySet<Verdict>;
}

/** The versions of one path on their way to their verdicts: each distinct content is examined once. */
export class PathCase {
  readonly #files: PathFiles;
  readonly #depth: Depth;
  /** The newest first. */
  readonly #specimens: readonly Specimen[];

  constructor(files: PathFiles, depth: Depth) {
    this.#files = files;
    this.#depth = depth;
    this.#specimens = gather(files);
  }

  /** What has to be done next; nothing when all is known. */
  requests(): Request[] {
    const wanted: Request[] = [];
    for (const [i, specimen] of this.#specimens.entries()) {
      const newer = this.#specimens.slice(0, i);
      if (specimen.content === null) specimen.content = known(specimen, newer);
      if (specimen.content === null) {
        const request = ask(specimen, newer);
        if (request !== null) wanted.push(request);
        if (this.#depth.untilAccepted) break;
      } else if (this.#isEnough(specimen.content)) break;
    }
    return wanted;
  }

  /** @param unknown snapshots in which nothing can be said about it */
  history(unknown: readonly number[]): History {
    const versions: Version[] = [];
    for (const { content, file, snapshots } of this.#specimens) {
      const same = versions.findIndex((one) => one.sha256 !== null && one.sha256 === content?.sha256);
      if (same >= 0) versions[same] = join(versions[same]!, snapshots);
      else versions.push(toVersion(file, snapshots, content ?? unseen));
    }
    return { path: this.#files.at(-1)!.path, versions, unknown };
  }

  #isEnough({ verdict }: Content): boolean {
    return this.#depth.untilAccepted && verdict !== null && this.#depth.accepted.has(verdict);
  }
}

const unseen: Content = { verdict: null, sha256: null, reason: null, proved: 0 };

function gather(files: PathFiles): Specimen[] {
  const specimens: Specimen[] = [];
  const byIdentity = new Map<string, Specimen>();
  for (const file of files.toReversed()) {
    const same = file.identity === '' ? undefined : byIdentity.get(file.identity);
    if (same !== undefined) {
      same.snapshots.push(file.snapshot);
      continue;
    }
    const specimen: Specimen = { file, snapshots: [file.snapshot], sha256: null, content: null };
    specimens.push(specimen);
    if (file.identity !== '') byIdentity.set(file.identity, specimen);
  }
  return specimens;
}

/** What is known of it since a newer version has the same hash. */
function known({ sha256 }: Specimen, newer: readonly Specimen[]): Content | null {
  if (sha256 === null) return null;
  return newer.find((one) => one.content !== null && one.sha256 === sha256)?.content ?? null;
}

function ask(specimen: Specimen, newer: readonly Specimen[]): Request | null {
  const { file, sha256 } = specimen;
  const answer = (content: Content) => {
    specimen.sha256 = content.sha256;
    specimen.content = content;
  };
  if (sha256 !== null) {
    // A newer one with the same hash is about to be examined.
    const isAsked = newer.some((one) => one.content === null && one.sha256 === sha256);
    return isAsked ? null : { what: 'examine', file, answer };
  }
  if (!newer.some((one) => one.file.size === file.size)) return { what: 'examine', file, answer };
  const hashed = (result: Content) => {
    if (result.sha256 === null) answer(result);
    else specimen.sha256 = result.sha256;
  };
  return { what: 'digest', file, answer: hashed };
}

function toVersion({ path, size, modified }: ListedFile, snapshots: number[], content: Content): Version {
  return { snapshots: snapshots.toSorted((a, b) => a - b), path, size, modified, ...content };
}

function join(version: Version, snapshots: readonly number[]): Version {
  return { ...version, snapshots: [...version.snapshots, ...snapshots].sort((a, b) => a - b) };
}
