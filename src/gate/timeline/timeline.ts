import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Crew } from '../../scan/crew.ts';
import { settle } from '../../scan/options.ts';
import { displayText } from '../../sources/folders/path-text.ts';
import type { RootPath } from '../../sources/folders/roots.ts';
import { Absences } from './absences.ts';
import { assess, type Effort } from './assess.ts';
import { type Attack, findAttack } from './attack.ts';
import { Census, type Counts } from './census.ts';
import { ExternalSort } from './external-sort.ts';
import { firstSeen, type History, inOrder, isHit, lastSeen } from './history.ts';
import { JsonLinesFile, readJsonLines } from './json-lines.ts';
import { compareRows, type ListedRow } from './listed-file.ts';
import { type Listing, listSnapshot } from './listing.ts';
import { folderPart } from './name-key.ts';
import { acceptedOf, type TimelineOptions } from './options.ts';
import { type Ordered, putInOrder } from './order.ts';
import { groupByPath, type PathFiles } from './paths-in-snapshots.ts';
import { joinRenamed } from './renames.ts';
import { findSnapshots, type Notice, type Snapshot } from './snapshot.ts';
import { type Depth, PathCase } from './specimens.ts';
import { chunk, inOrderOf } from './windows.ts';

/** What became of the files of all snapshots. Lists of paths stand in a temporary folder: `close` removes it. */
export interface Timeline {
  /** The oldest first. */
  readonly snapshots: readonly Snapshot[];
  /** What their order was taken from. */
  readonly orderedBy: string;
  readonly listings: readonly Listing[];
  readonly counts: readonly Counts[];
  /** When files began to be hit; null where no file was newly encrypted. */
  readonly attack: Attack | null;
  /** The newest snapshot in which no file is hit; null where there is none. For files that must be of one time. */
  readonly cleanPoint: number | null;
  readonly notices: readonly Notice[];
  readonly paths: number;
  readonly effort: Readonly<Effort>;
  readonly accepted: Depth['accepted'];
  /** All paths, those of a folder together; as often as wanted, until `close`. */
  histories(): Generator<History>;
  close(): void;
}

/** Paths that are worked on at a time. */
const WINDOW = 128;

/**
 * Compares snapshots: for each path its versions, which of them are intact, when it was hit. Each distinct content is
 * examined once. The snapshots are opened read-only; memory doesn't grow with the number of files.
 * @throws MissingRoot, SnapshotError, CrewError, RangeError, the reason of `signal`
 */
export async function timeline(
  folders: readonly RootPath[],
  options: TimelineOptions = {},
): Promise<Timeline> {
  const accepted = acceptedOf(options.accept);
  const notices: Notice[] = [];
  const ordered = putInOrder(await findSnapshots(folders, notices), options.order ?? 'auto', notices);
  const scratch = mkdtempSync(join(options.scratch ?? tmpdir(), 'unscathed-timeline-'));
  try {
    return await new Comparison(ordered, notices, scratch, accepted, options).run();
  } catch (error) {
    rmSync(scratch, { recursive: true, force: true });
    throw error;
  }
}

class Comparison {
  readonly #ordered: Ordered;
  readonly #snapshots: readonly Snapshot[];
  readonly #notices: Notice[];
  readonly #scratch: string;
  readonly #options: TimelineOptions;
  readonly #accepted: Depth['accepted'];
  readonly #census: Census;
  readonly #effort: Effort = { examined: 0, examinedBytes: 0, hashed: 0, hashedBytes: 0 };
  /** By snapshot: files newly encrypted in it. */
  readonly #encrypted: number[];
  #listedFiles = 0;
  #paths = 0;

  constructor(
    ordered: Ordered,
    notices: Notice[],
    scratch: string,
    accepted: Depth['accepted'],
    options: TimelineOptions,
  ) {
    this.#ordered = ordered;
    this.#snapshots = ordered.snapshots;
    this.#notices = notices;
    this.#scratch = scratch;
    this.#options = options;
    this.#accepted = accepted;
    this.#census = new Census(ordered.snapshots.length);
    this.#encrypted = ordered.snapshots.map(() => 0);
  }

  async run(): Promise<Timeline> {
    const rows = new ExternalSort<ListedRow>(this.#scratch, compareRows);
    const listings = await this.#list(rows);
    this.#notices.push(...noticesOf(this.#snapshots, listings));
    const spool = new JsonLinesFile(join(this.#scratch, 'histories'));
    await this.#compare(rows, new Absences(listings), spool);
    spool.close();
    this.#notices.push(...strangers(this.#snapshots, this.#census.counts));
    return this.#result(listings, spool.path);
  }

  async #list(rows: ExternalSort<ListedRow>): Promise<Listing[]> {
    const { trust = 'inodes', foldCase = false } = this.#options;
    const listings: Listing[] = [];
    for (const [index, snapshot] of this.#snapshots.entries()) {
      const listing = await listSnapshot(snapshot, index, rows, { ...this.#options, trust, foldCase });
      listings.push(listing);
      this.#listedFiles += listing.files;
      this.#report('listing', listings.length);
    }
    return listings;
  }

  async #compare(rows: ExternalSort<ListedRow>, absences: Absences, spool: JsonLinesFile): Promise<void> {
    const { signal } = this.#options;
    const { onProgress: _, ...how } = this.#options;
    const settings = settle({ ...how, sha256: true, correlate: false });
    const crew = new Crew(settings);
    const dismiss = () => void crew.dismiss();
    signal?.addEventListener('abort', dismiss, { once: true });
    const windows = chunk(groupByPath(rows.sorted()), WINDOW);
    const last = this.#snapshots.length - 1;
    const folder = new FolderBuffer(last, (histories) => this.#settle(histories, spool));
    try {
      // Twice the workers: while the first window waits for its last file, the others go on.
      const known = inOrderOf(windows, settings.workers * 2, (some) => this.#assess(some, absences, crew));
      for await (const some of known) {
        signal?.throwIfAborted();
        for (const { key, history } of some) folder.add(key, history);
        this.#report('examining', this.#snapshots.length);
      }
      folder.flush();
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener('abort', dismiss);
      await crew.dismiss();
    }
  }

  async #assess(some: readonly PathFiles[], absences: Absences, crew: Crew): Promise<Known[]> {
    const depth = { untilAccepted: this.#options.untilAccepted === true, accepted: this.#accepted };
    const cases = some.map((files) => new PathCase(files, depth));
    await assess(cases, this.#snapshots, crew, this.#effort);
    return some.map((files, i) => {
      const present = files.map(({ snapshot }) => snapshot);
      const unknown = absences.of(files[0]!.path, present);
      return { key: files[0]!.key, history: cases[i]!.history(unknown) };
    });
  }

  /** All that's to be known of a folder's files is known: they are joined, counted, and written down. */
  #settle(histories: readonly History[], spool: JsonLinesFile): void {
    for (const history of joinRenamed(histories)) {
      this.#census.add(history);
      const newly = newlyEncrypted(history, this.#snapshots.length);
      if (newly !== null) this.#encrypted[newly]!++;
      this.#paths++;
      spool.add(history);
    }
  }

  #result(listings: readonly Listing[], spool: string): Timeline {
    const { counts } = this.#census;
    const clean = counts.findLastIndex(({ hit }, i) => hit === 0 && listings[i]!.files > 0);
    return {
      snapshots: this.#snapshots,
      orderedBy: this.#ordered.by,
      listings,
      counts,
      attack: findAttack(counts, this.#encrypted),
      cleanPoint: clean < 0 ? null : clean,
      notices: this.#notices,
      paths: this.#paths,
      effort: this.#effort,
      accepted: this.#accepted,
      histories: () => readJsonLines<History>(spool),
      close: () => rmSync(this.#scratch, { recursive: true, force: true }),
    };
  }

  #report(stage: 'listing' | 'examining', snapshots: number): void {
    const { examined, hashed } = this.#effort;
    const paths = this.#paths;
    this.#options.onProgress?.({ stage, snapshots, files: this.#listedFiles, paths, examined, hashed });
  }
}

interface Known {
  readonly key: string;
  readonly history: History;
}

/**
 * Keeps histories that begin or end within the time of the snapshots until all of their folder are known: an attack's new
 * names stand beside the old ones. The others, which are nearly all, go on at once.
 */
class FolderBuffer {
  readonly #last: number;
  readonly #settle: (histories: readonly History[]) => void;
  #folder: string | null = null;
  #histories: History[] = [];

  constructor(last: number, settle: (histories: readonly History[]) => void) {
    this.#last = last;
    this.#settle = settle;
  }

  add(key: string, history: History): void {
    const folder = folderPart(key);
    if (folder !== this.#folder) this.flush();
    this.#folder = folder;
    if (firstSeen(history) === 0 && lastSeen(history) === this.#last) this.#settle([history]);
    else this.#histories.push(history);
  }

  flush(): void {
    if (this.#histories.length > 0) this.#settle(this.#histories);
    this.#histories = [];
  }
}

function newlyEncrypted(history: History, snapshots: number): number | null {
  let before = null;
  for (const [snapshot, version] of inOrder(history, snapshots).entries()) {
    if (version === null) continue;
    if (version.verdict === 'encrypted' && isHit(version, before)) return snapshot;
    before = version;
  }
  return null;
}

function noticesOf(snapshots: readonly Snapshot[], listings: readonly Listing[]): Notice[] {
  const most = Math.max(...listings.map(({ files }) => files));
  return snapshots.flatMap((snapshot, i): Notice[] => {
    const { files, unread, unreadLeftOut, why } = listings[i]!;
    if (files === 0 && most > 0) {
      const text = `${snapshot.label} holds no file: is it mounted? Nothing counts as gone in it`;
      return [{ level: 'wrong', text }];
    }
    const missed = unread.length + unreadLeftOut;
    if (missed === 0) return [];
    return [{ level: 'wrong', text: `${snapshot.label}: ${missed} not readable, first ${why}` }];
  });
}

/** Nearly no path of the one is in the other: most likely one of the two begins at another folder. */
function strangers(snapshots: readonly Snapshot[], counts: readonly Counts[]): Notice[] {
  return snapshots.slice(1).flatMap((snapshot, i): Notice[] => {
    const [before, now] = [counts[i]!, counts[i + 1]!];
    const isStrange = before.files > 0 && now.files > 0 && now.added > now.files * 0.9;
    if (!isStrange || now.gone < before.files * 0.9) return [];
    const names = `${displayText(snapshots[i]!.path)} and ${displayText(snapshot.path)}`;
    return [{ level: 'wrong', text: `${names} share hardly any path: do they begin at the same folder?` }];
  });
}
