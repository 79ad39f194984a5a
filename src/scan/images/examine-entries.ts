import { toReportedPath } from '../../sources/folders/path-text.ts';
import type { Entry } from '../../sources/images/file-system.ts';
import { BatchReport } from '../batch-report.ts';
import type { FileOptions } from '../examine-file.ts';
import type { Pulse } from '../task.ts';
import type { ImageExamined } from './image-task.ts';
import type { Listed } from './listing.ts';
import type { OpenedVolume } from './opened-image.ts';

interface Numbers {
  readonly from: number;
  readonly to: number;
}

/** Examines the entries with these numbers. The pulse tells which one is at hand. */
export function examineEntries(
  opened: OpenedVolume,
  { from, to }: Numbers,
  pulse: Pulse,
  options: FileOptions,
): ImageExamined {
  const gathered = new EntryBatch(opened, options);
  for (const listed of opened.examined.from(from, options.beat)) {
    pulse.begin(listed.number - from);
    gathered.add(listed);
    if (listed.number + 1 >= to) break;
  }
  return gathered.result();
}

/** The line on an entry whose examination failed. */
export function giveUp(
  opened: OpenedVolume,
  { entry: number, why }: { readonly entry: number; readonly why: string },
  options: FileOptions,
): ImageExamined {
  const report = new BatchReport();
  for (const { entry } of opened.examined.from(number, options.beat)) {
    const { path, file } = opened.reporter.failed(entry, why);
    report.addFile(path, file);
    break;
  }
  return { kind: 'examined', ...report.result(), skipped: 0, unread: 0 };
}

class EntryBatch {
  readonly #opened: OpenedVolume;
  readonly #options: FileOptions;
  readonly #report = new BatchReport();
  #skipped = 0;
  #unread = 0;

  constructor(opened: OpenedVolume, options: FileOptions) {
    this.#opened = opened;
    this.#options = options;
  }

  add(listed: Listed<Entry>): void {
    const about = this.#opened.reporter.about(listed, this.#options);
    if (about.kind === 'nothing') return;
    if (about.kind === 'file') {
      this.#report.addFile(about.path, about.report());
      return;
    }
    this.#report.add({ type: about.kind, path: toReportedPath(about.path), why: about.why });
    if (about.kind === 'skipped') this.#skipped++;
    else this.#unread++;
  }

  result(): ImageExamined {
    return { kind: 'examined', ...this.#report.result(), skipped: this.#skipped, unread: this.#unread };
  }
}
