import type { FileLine } from '../../report/line.ts';
import type { Crew } from '../../scan/crew.ts';
import type { Examined } from '../../scan/task.ts';
import type { FileEntry } from '../../sources/folders/entry.ts';
import { joinPath, type Path } from '../../sources/folders/path.ts';
import { pathOf } from '../../sources/folders/relative.ts';
import type { Content } from './history.ts';
import type { Snapshot } from './snapshot.ts';
import type { PathCase, Request } from './specimens.ts';

/** What it took so far. */
export interface Effort {
  /** Files that were examined, hash included, and their bytes. */
  examined: number;
  examinedBytes: number;
  /** Files of which only the hash was taken, and their bytes. */
  hashed: number;
  hashedBytes: number;
}

/** Bytes and files that go to a worker at once, as in a scan. */
const MOST_BYTES = 8 << 20;
const MOST_FILES = 256;

/** Gives each distinct content of some paths its verdict. @throws CrewError */
export async function assess(
  cases: readonly PathCase[],
  snapshots: readonly Snapshot[],
  crew: Crew,
  effort: Effort,
): Promise<void> {
  const examiner = new Assessor(snapshots, crew, effort);
  for (let open = cases; open.length > 0; ) {
    const asked = open.map((one) => ({ one, requests: one.requests() }));
    open = asked.filter(({ requests }) => requests.length > 0).map(({ one }) => one);
    await examiner.answer(asked.flatMap(({ requests }) => requests));
  }
}

class Assessor {
  readonly #snapshots: readonly Snapshot[];
  readonly #crew: Crew;
  readonly #effort: Effort;

  constructor(snapshots: readonly Snapshot[], crew: Crew, effort: Effort) {
    this.#snapshots = snapshots;
    this.#crew = crew;
    this.#effort = effort;
  }

  async answer(requests: readonly Request[]): Promise<void> {
    const of = (what: Request['what']) => inBatches(requests.filter((request) => request.what === what));
    await Promise.all([
      ...of('examine').map((batch) => this.#examine(batch)),
      ...of('digest').map((batch) => this.#digest(batch)),
    ]);
  }

  async #examine(requests: readonly Request[]): Promise<void> {
    const waiting = new Map(requests.map((request) => [this.#pathOf(request), request]));
    const examined = await this.#crew.examine([...waiting].map(([path, request]) => toEntry(path, request)));
    for (const line of linesOf(examined)) {
      const request = waiting.get(pathOf(line.path));
      if (request === undefined) continue;
      request.answer(toContent(line, request));
      waiting.delete(pathOf(line.path));
      this.#effort.examined++;
      this.#effort.examinedBytes += line.size;
    }
    // Whatever brought it about: what nobody answers for is unknown, and asked for no more.
    for (const request of waiting.values()) request.answer(unread('no line came for it'));
  }

  async #digest(requests: readonly Request[]): Promise<void> {
    const entries = requests.map((request) => toEntry(this.#pathOf(request), request));
    for (const [i, digest] of (await this.#crew.digest(entries)).entries()) {
      const request = requests[i]!;
      request.answer('why' in digest ? unread(digest.why) : { ...hashedOnly, sha256: digest.sha256 });
      this.#effort.hashed++;
      this.#effort.hashedBytes += request.file.size;
    }
  }

  #pathOf({ file: { snapshot, path } }: Request): Path {
    return joinPath(this.#snapshots[snapshot]!.path, path);
  }
}

const hashedOnly: Omit<Content, 'sha256'> = { verdict: null, reason: null, proved: 0 };

function inBatches(requests: readonly Request[]): Request[][] {
  const batches: Request[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const request of requests) {
    const last = batches.at(-1);
    if (last === undefined || last.length >= MOST_FILES || bytes >= MOST_BYTES) {
      batches.push([request]);
      bytes = request.file.size;
    } else {
      last.push(request);
      bytes += request.file.size;
    }
  }
  return batches;
}

function toEntry(path: Path, { file: { size, modified } }: Request): FileEntry {
  return { kind: 'file', path, size, mtimeMs: modified, ctimeMs: modified };
}

function* linesOf(examined: readonly Examined[]): Generator<FileLine> {
  for (const { text } of examined) {
    for (const line of text.split('\n')) if (line !== '') yield JSON.parse(line) as FileLine;
  }
}

function toContent(
  { verdict, sha256, reasons, accounted, size, changed }: FileLine,
  { file }: Request,
): Content {
  if (changed === true || size !== file.size) return unread('it changed while it was read');
  const [reason] = reasons;
  return {
    verdict,
    sha256: sha256 ?? null,
    reason: reason === undefined ? null : { code: reason.code, text: reason.text },
    proved: accounted === null ? 0 : size - accounted.unaccounted - accounted.raw - accounted.coded,
  };
}

function unread(text: string): Content {
  return { verdict: 'unread', sha256: null, reason: { code: 'R701', text }, proved: 0 };
}
