import { ReadError } from '../../bytes/errors.ts';
import { FileSource } from '../../bytes/file-source.ts';
import { examine } from '../../examine/examine.ts';
import type { Verdict } from '../../ledger/terms.ts';
import type { FileLine } from '../../report/line.ts';
import type { Crew } from '../../scan/crew.ts';
import { type FileEntry, reasonOf } from '../../sources/folders/entry.ts';
import { fromText, nameOf, type Path } from '../../sources/folders/path.ts';
import { toReportedPath } from '../../sources/folders/path-text.ts';
import { pathOf } from '../../sources/folders/relative.ts';
import { Anchored } from './anchored.ts';
import { ApplyError } from './apply-error.ts';
import type { DoneLine, RefusedLine } from './apply-line.ts';
import { whyUnsafe } from './plan-file.ts';
import type { PlanHeader, RestoreLine } from './plan-line.ts';
import { Refusal, TargetFile } from './target-file.ts';

/** A file that was copied, but has no name yet. */
interface Copied {
  readonly line: RestoreLine;
  readonly target: TargetFile;
  readonly replaces: boolean;
}

type Outcome = DoneLine | RefusedLine;

/** What ends everything: the target takes no more. */
const fatal: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EMFILE', 'ENFILE']);

/** Restores the lines of a plan, a batch at a time. */
export class Restorer {
  readonly #header: PlanHeader;
  readonly #target: Anchored | null;
  readonly #crew: Crew | null;
  readonly #replace: boolean;
  readonly #snapshots: (Anchored | null | undefined)[] = [];
  readonly #evidence: ReadonlySet<string>;

  /**
   * @param target null where it isn't there, in a dry run
   * @param crew null for a dry run
   */
  constructor(header: PlanHeader, target: Anchored | null, crew: Crew | null, replace: boolean) {
    this.#header = header;
    this.#target = target;
    this.#crew = crew;
    this.#replace = replace;
    for (const index of header.snapshots.keys()) this.#openSnapshot(index);
    this.#evidence = new Set(this.#snapshots.flatMap((one) => (one ? [one.identity] : [])));
    // Mounted a second time, a snapshot has another path.
    if (target !== null && this.#evidence.has(target.identity)) {
      throw new ApplyError('the target is a snapshot itself: nothing is written into evidence');
    }
  }

  /** One outcome for each line. @throws ApplyError where the target takes no more */
  async restore(lines: readonly RestoreLine[]): Promise<Outcome[]> {
    const outcomes = new Map<RestoreLine, Outcome>();
    const copied: Copied[] = [];
    try {
      for (const line of lines) {
        const prepared = this.#attempt(line, () => this.#prepare(line));
        if ('target' in prepared) copied.push(prepared);
        else outcomes.set(line, prepared);
      }
      for (const outcome of await this.#verifyAndName(copied)) outcomes.set(outcome[0], outcome[1]);
    } finally {
      for (const { target } of copied) target.folder.close();
    }
    return lines.map((line) => outcomes.get(line)!);
  }

  close(): void {
    for (const snapshot of this.#snapshots) snapshot?.close();
  }

  #prepare(line: RestoreLine): Copied | Outcome {
    const source = this.#openSource(line);
    try {
      if (this.#crew === null) return this.#look(line, source);
      return this.#copy(line, source);
    } finally {
      source.close();
    }
  }

  #copy(line: RestoreLine, source: FileSource): Copied | Outcome {
    const [folder, name] = split(pathOf(line.path));
    const target = new TargetFile(this.#enter(folder, 'make'), name);
    let isCopied = false;
    try {
      const existing = target.existing();
      if (existing !== null && this.#isPresent(target, line)) {
        target.discard();
        return done(line, 'present', line.verdict);
      }
      target.write(source, line);
      isCopied = true;
      return { line, target, replaces: existing !== null };
    } finally {
      if (!isCopied) target.folder.close();
    }
  }

  /** @throws Refusal where other bytes stand there, and mustn't be replaced */
  #isPresent(target: TargetFile, line: RestoreLine): boolean {
    if (target.holds(line)) return true;
    if (this.#replace) return false;
    throw new Refusal('a file with other contents has its name in the target');
  }

  /** A dry run: what would be done, as far as can be told without reading the sources. */
  #look(line: RestoreLine, source: FileSource): Outcome {
    if (source.size !== line.size) {
      throw new Refusal(`the source changed: it has ${source.size} bytes, not ${line.size}`);
    }
    const [folder, name] = split(pathOf(line.path));
    const entered = this.#enterIfThere(folder);
    if (entered === null) return done(line, 'would restore', line.verdict);
    try {
      const target = new TargetFile(entered, name);
      if (target.existing() === null) return done(line, 'would restore', line.verdict);
      return done(line, this.#isPresent(target, line) ? 'present' : 'would replace', line.verdict);
    } finally {
      entered.close();
    }
  }

  #enterIfThere(folder: Path): Anchored | null {
    if (this.#target === null) return null;
    try {
      return this.#enter(folder, 'fail');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  #enter(folder: Path, missing: 'make' | 'fail'): Anchored {
    return this.#target!.below(folder, missing, (entered) => {
      if (this.#evidence.has(entered.identity)) throw new Refusal('its folder in the target is a snapshot');
    });
  }

  #openSource({ snapshot, source, path }: RestoreLine): FileSource {
    const relative = pathOf(source ?? path);
    const unsafe = whyUnsafe(relative) ?? whyUnsafe(pathOf(path));
    if (unsafe !== null) throw new Refusal(unsafe);
    const root = this.#snapshots[snapshot];
    if (!root) throw new Refusal(`the snapshot ${this.#header.snapshots[snapshot]!.label} can't be opened`);
    const [folder, name] = split(relative);
    const entered = sourceStep(() => root.below(folder, 'fail'));
    try {
      return sourceStep(() => new FileSource(entered.of(name)));
    } finally {
      entered.close();
    }
  }

  #openSnapshot(index: number): void {
    try {
      this.#snapshots[index] = Anchored.root(pathOf(this.#header.snapshots[index]!.path));
    } catch {
      // Not mounted now: its files are refused one by one, the others restored.
      this.#snapshots[index] = null;
    }
  }

  async #verifyAndName(copied: readonly Copied[]): Promise<[RestoreLine, Outcome][]> {
    const verdicts = await this.#examineCopies(copied);
    const outcomes = copied.map((one): [RestoreLine, Outcome] => [
      one.line,
      this.#attempt(one.line, () => this.#name(one, verdicts.get(one.target))),
    ]);
    for (const { target } of copied) target.folder.sync();
    return outcomes;
  }

  #name({ line, target, replaces }: Copied, found: FileLine | undefined): DoneLine {
    try {
      const verdict = this.#judge(line, target, found);
      target.commit(this.#replace);
      return done(line, replaces ? 'replaced' : 'restored', verdict);
    } catch (error) {
      target.discard();
      throw error;
    }
  }

  /** The bytes as the disk has them now must be the plan's, and be found to be what may be restored. @throws Refusal */
  #judge(line: RestoreLine, target: TargetFile, found: FileLine | undefined): Verdict {
    if (found?.sha256 !== line.sha256) throw new Refusal('the copy reads otherwise than it was written');
    if (this.#isAccepted(found.verdict)) return found.verdict;
    const besideSource = this.#examineBesideSource(line, target);
    if (this.#isAccepted(besideSource)) return besideSource;
    throw new Refusal(`examined once more it is ${found.verdict}: ${found.reasons[0]?.text ?? ''}`);
  }

  #isAccepted(verdict: Verdict): boolean {
    return verdict === 'intact' || (this.#header.accept.includes(verdict) && verdict !== 'encrypted');
  }

  /** A database is judged with its log beside it, which may come into the target only later. */
  #examineBesideSource({ snapshot, source, path }: RestoreLine, target: TargetFile): Verdict {
    const [folder, name] = split(pathOf(source ?? path));
    const beside = this.#snapshots[snapshot]!.below(folder, 'fail');
    const copy = new FileSource(target.folder.of(target.temporaryName));
    try {
      const sibling = (other: string) => openBeside(beside, other);
      return examine(copy, { name: toReportedPath(name).text, sibling }).judgement.verdict;
    } finally {
      copy.close();
      beside.close();
    }
  }

  async #examineCopies(copied: readonly Copied[]): Promise<Map<TargetFile, FileLine>> {
    const found = new Map<TargetFile, FileLine>();
    if (copied.length === 0) return found;
    const places = new Map(copied.map(({ target }) => [target.folder.place(target.temporaryName), target]));
    const entries = copied.map(({ line, target }) => toEntry(target, line.size));
    for (const { text } of await this.#crew!.examine(entries)) {
      for (const json of text.split('\n')) {
        if (json === '') continue;
        const line = JSON.parse(json) as FileLine;
        found.set(places.get(pathOf(line.path))!, line);
      }
    }
    return found;
  }

  #attempt<Result>(line: RestoreLine, work: () => Result): Result | RefusedLine {
    try {
      return work();
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      if (fatal.has(code)) throw new ApplyError(`the target takes no more: ${reasonOf(error)}`, true);
      if (!(error instanceof Refusal || error instanceof ReadError || code.startsWith('E'))) throw error;
      return { type: 'refused', path: line.path, why: whyRefused(error) };
    }
  }
}

function toEntry(target: TargetFile, size: number): FileEntry {
  return { kind: 'file', path: target.folder.place(target.temporaryName), size, mtimeMs: 0, ctimeMs: 0 };
}

function openBeside(folder: Anchored, name: string): FileSource | null {
  if (name === '' || name === '.' || name === '..' || /[/\0]/.test(name)) return null;
  try {
    return new FileSource(folder.of(fromText(name)));
  } catch {
    // For a verifier a file that can't be read is the same as none.
    return null;
  }
}

/** @throws Refusal, which says that it's the source that can't be opened */
function sourceStep<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    const { code = '', cause } = error as NodeJS.ErrnoException;
    if (fatal.has(code)) throw error;
    throw new Refusal(`the source can't be opened: ${whyRefused(cause ?? error)}`);
  }
}

function whyRefused(error: unknown): string {
  if (error instanceof Refusal) return error.message;
  if (error instanceof ReadError) return error.cause === undefined ? error.message : reasonOf(error.cause);
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ELOOP' || code === 'ENOTDIR') return 'a symbolic link or a file is in the place of a folder';
  return reasonOf(error);
}

function done(line: RestoreLine, what: DoneLine['what'], verdict: Verdict): DoneLine {
  const { path, size, sha256 } = line;
  return { type: 'done', what, path, size, sha256, verdict };
}

function split(path: Path): [folder: Path, name: Path] {
  const slash = path.lastIndexOf('/');
  return [path.slice(0, Math.max(0, slash)) as Path, nameOf(path)];
}
