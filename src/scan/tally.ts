import { type Verdict, verdicts } from '../ledger/terms.ts';
import type { IncidentLine, ReportedLayout } from '../report/line.ts';
import type { Path } from '../sources/folders/path.ts';
import { displayText } from '../sources/folders/path-text.ts';
import type { Raised } from './correlation/correlation.ts';
import { LayoutCounts } from './layout-counts.ts';
import type { Examined, UnsafeFolder } from './task.ts';

/** How far a scan is. */
export interface Progress {
  /** Files that were examined, and their bytes. */
  readonly files: number;
  readonly bytes: number;
  /** Files that were found so far, and their bytes. */
  readonly foundFiles: number;
  readonly foundBytes: number;
  /** Whether all has been found: from then on what's left is known. */
  readonly walked: boolean;
  readonly counts: Readonly<Record<Verdict, number>>;
  readonly skipped: number;
  /** Files and folders that couldn't be read. */
  readonly unread: number;
  /** Files that changed while they were examined: their verdicts may be of no single moment. */
  readonly changed: number;
  /** Folders with the most files that aren't safe, worst first, with names as they may be shown. */
  worstFolders(most: number): WorstFolder[];
  /** In which layouts files were encrypted, those with most files first, and how many files in others. */
  layouts(most: number): { readonly layouts: readonly ReportedLayout[]; readonly others: number };
  /** What the scan's files have in common; null before the end, and where that is nothing. */
  readonly incident: IncidentLine | null;
}

export interface WorstFolder {
  readonly folder: string;
  readonly files: number;
  readonly counts: Readonly<Partial<Record<Verdict, number>>>;
}

/** A piece of work that was done. */
export interface Done {
  /** Lines of the report. */
  readonly text: string;
  readonly examined: readonly Examined[];
  readonly skipped: number;
  /** Folders, and other things that aren't files, that couldn't be read. */
  readonly unread: number;
}

/** So many folders are kept; when there are more, the half with fewer unsafe files is forgotten. */
const MOST_FOLDERS = 8192;

/** Counts of a scan as it goes on. */
export class Tally implements Progress {
  files = 0;
  bytes = 0;
  foundFiles = 0;
  foundBytes = 0;
  walked = false;
  skipped = 0;
  unreadFolders = 0;
  changed = 0;
  incident: IncidentLine | null = null;
  readonly counts: Record<Verdict, number>;
  readonly #layouts = new LayoutCounts();
  #folders = new Map<string, Partial<Record<Verdict, number>>>();

  constructor() {
    this.counts = Object.fromEntries(verdicts.map((verdict) => [verdict, 0])) as Record<Verdict, number>;
  }

  get unread(): number {
    return this.counts.unread + this.unreadFolders;
  }

  find(files: number, bytes: number): void {
    this.foundFiles += files;
    this.foundBytes += bytes;
  }

  add({ examined, skipped, unread }: Done): void {
    this.skipped += skipped;
    this.unreadFolders += unread;
    for (const part of examined) this.#addExamined(part);
  }

  /** A file that was counted turned out to be worse. */
  raise({ folder, from, to, layout }: Raised): void {
    this.counts[from]--;
    this.counts[to]++;
    if (to === 'encrypted') this.#addFolder({ folder, verdict: to, files: 1 });
    if (layout !== null) this.#layouts.add({ ...layout, files: 1 });
  }

  worstFolders(most: number): WorstFolder[] {
    return this.#ranked()
      .slice(0, most)
      .map(([folder, counts]) => ({ folder: displayText(folder as Path), files: sum(counts), counts }));
  }

  layouts(most: number): ReturnType<LayoutCounts['top']> {
    return this.#layouts.top(most);
  }

  #addExamined({ counts, bytes, unsafe, changed = 0, layouts = [] }: Examined): void {
    for (const layout of layouts) this.#layouts.add(layout);
    this.changed += changed;
    this.bytes += bytes;
    for (const [verdict, count] of Object.entries(counts) as [Verdict, number][]) {
      this.counts[verdict] += count;
      this.files += count;
    }
    for (const folder of unsafe) this.#addFolder(folder);
  }

  #addFolder({ folder, verdict, files }: UnsafeFolder): void {
    const counts = this.#folders.get(folder) ?? {};
    counts[verdict] = (counts[verdict] ?? 0) + files;
    this.#folders.set(folder, counts);
    if (this.#folders.size > MOST_FOLDERS) this.#folders = new Map(this.#ranked().slice(0, MOST_FOLDERS / 2));
  }

  #ranked(): [string, Partial<Record<Verdict, number>>][] {
    return [...this.#folders].sort(([a, x], [b, y]) => sum(y) - sum(x) || (a < b ? -1 : 1));
  }
}

function sum(counts: Partial<Record<Verdict, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
