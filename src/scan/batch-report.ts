import type { Verdict } from '../ledger/terms.ts';
import type { ReportLine } from '../report/line.ts';
import { toNdjson } from '../report/ndjson.ts';
import { folderOf, type Path } from '../sources/folders/path.ts';
import type { Fingerprint } from '../verdict/incident/fingerprint.ts';
import { type CacheRecord, isKept } from './cache/cache-record.ts';
import type { Testimony } from './correlation/witness.ts';
import type { ExaminedFile } from './examine-file.ts';
import { LayoutCounts } from './layout-counts.ts';
import type { Examined, HeldFile } from './task.ts';

/** Gathers what a batch comes to, and counts what the main thread would otherwise have to parse the lines for. */
export class BatchReport {
  readonly #counts: Partial<Record<Verdict, number>> = {};
  readonly #unsafe = new Map<string, { folder: string; verdict: Verdict; files: number }>();
  readonly #samples: Fingerprint[] = [];
  readonly #files: HeldFile[] = [];
  readonly #kept: CacheRecord[] = [];
  readonly #layouts = new LayoutCounts();
  #changed = 0;
  #bytes = 0;
  #text = '';

  /** Adds a line on something that isn't counted here. */
  add(line: ReportLine): void {
    this.#text += toNdjson(line);
  }

  addFile(path: Path, { line, testimony, keys }: ExaminedFile): void {
    const json = toNdjson(line);
    this.#count(path, line);
    this.#layouts.addFile(line);
    if (line.changed === true) this.#changed++;
    if (keys !== undefined && isKept(line) && testimony?.isOpen !== true) {
      this.#kept.push({ ...keys, text: json, sample: testimony?.fingerprint ?? null });
    }
    if (testimony?.isOpen) this.#files.push(heldFile(path, json, testimony));
    else this.#text += json;
    if (testimony?.isOpen === false) this.#samples.push(testimony.fingerprint);
  }

  result(): Examined {
    const layouts = this.#layouts.ranked();
    return {
      text: this.#text,
      counts: this.#counts,
      bytes: this.#bytes,
      unsafe: [...this.#unsafe.values()],
      held: { samples: this.#samples, files: this.#files },
      ...(this.#kept.length > 0 ? { kept: this.#kept } : {}),
      ...(this.#changed > 0 ? { changed: this.#changed } : {}),
      ...(layouts.length > 0 ? { layouts } : {}),
    };
  }

  #count(path: Path, { verdict, restore, size }: ExaminedFile['line']): void {
    this.#counts[verdict] = (this.#counts[verdict] ?? 0) + 1;
    this.#bytes += size;
    if (restore !== 'no') return;
    const folder = folderOf(path);
    const key = `${verdict}\0${folder}`;
    const unsafe = this.#unsafe.get(key);
    if (unsafe === undefined) this.#unsafe.set(key, { folder, verdict, files: 1 });
    else unsafe.files++;
  }
}

function heldFile(path: Path, line: string, { fingerprint, scheme }: Testimony): HeldFile {
  return { line, folder: folderOf(path), fingerprint, scheme };
}
