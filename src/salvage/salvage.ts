import { OverBudget } from '../bytes/errors.ts';
import type { Range } from '../bytes/range.ts';
import type { ByteSource } from '../bytes/source.ts';
import { type ExamineOptions, examine } from '../examine/examine.ts';
import { fromText } from '../sources/folders/path.ts';
import { version } from '../version.ts';
import { databasePages } from './finders/database-pages.ts';
import { members } from './finders/members.ts';
import { messages } from './finders/messages.ts';
import { officeStreams } from './finders/office-streams.ts';
import { pdfObjects } from './finders/pdf-objects.ts';
import { zipEntries } from './finders/zip-entries.ts';
import type { Finder, Item, Subject } from './item.ts';
import { untouchedRanges } from './provable.ts';
import type { SafeFolder, Saved } from './safe-folder.ts';

/** Bounds of what is written, so that no archive that grows a thousandfold fills the disk. */
export interface SalvageLimits {
  readonly items: number;
  /** Of all items together. */
  readonly bytes: number;
}

export const defaultSalvageLimits: SalvageLimits = { items: 100_000, bytes: 64 * 2 ** 30 };

export interface SalvageOptions extends ExamineOptions {
  readonly limits?: Partial<SalvageLimits>;
}

/** What of a file can be pulled out. */
export interface Salvageable {
  /** Bytes. */
  readonly size: number;
  /** Ranges that some proof accounts for, joined. */
  readonly untouched: readonly Range[];
  readonly items: readonly SalvageableItem[];
  /** Why the search ended early; null if it didn't. */
  readonly stopped: string | null;
}

export type SalvageableItem = Omit<Item, 'source'>;

/** A line of the manifest on one item that was written. */
export interface SalvagedItem extends SalvageableItem {
  readonly type: 'item';
  readonly saved: Saved;
}

/** The last line of the manifest; one without it is incomplete. */
export interface SalvageEnd {
  readonly type: 'end';
  readonly items: number;
  /** Bytes that were written. */
  readonly bytes: number;
  readonly stopped: string | null;
}

/** All that apply, in this order; an entry of a zip archive isn't sought a second time as a member. */
const finders: readonly (readonly Finder[])[] = [
  [zipEntries, members],
  [messages],
  [databasePages],
  [pdfObjects],
  [officeStreams],
];

/**
 * Finds what of a file is provably as its writer wrote it: files inside it, messages. Nothing is guessed: what has no
 * proof of its own isn't listed.
 * @throws ReadError when the storage fails
 */
export function findSalvageable(source: ByteSource, options: SalvageOptions = {}): Salvageable {
  return findSalvageableOf(subjectOf(source, options), options);
}

/** The same of a file that was examined already. @throws ReadError when the storage fails */
export function findSalvageableOf(subject: Subject, options: SalvageOptions = {}): Salvageable {
  const items: SalvageableItem[] = [];
  const limits = { ...defaultSalvageLimits, ...options.limits };
  const { source } = subject;
  const stopped = search(subject, limits, ({ source: _, ...item }) => items.push(item));
  return {
    size: source.size,
    untouched: untouchedRanges(subject.examination.evidence.ledger),
    items,
    stopped,
  };
}

/**
 * Writes all that `findSalvageable` finds into the folder, with a line of its manifest for each: source ranges, proof, and
 * SHA-256 of the copy.
 * @throws ReadError when the storage fails; what `node:fs` throws when the copies can't be written
 */
export function salvage(source: ByteSource, folder: SafeFolder, options: SalvageOptions = {}): SalvageEnd {
  const limits = { ...defaultSalvageLimits, ...options.limits };
  const subject = subjectOf(source, options);
  folder.record(openingLine(subject));
  let items = 0;
  let bytes = 0;
  const stopped = search(subject, limits, ({ source: content, ...item }) => {
    const saved = folder.save(fromText(item.name), content);
    folder.record({ type: 'item', ...item, saved } satisfies SalvagedItem);
    items++;
    bytes += saved.size;
  });
  const end: SalvageEnd = { type: 'end', items, bytes, stopped };
  folder.record(end);
  return end;
}

function subjectOf(source: ByteSource, options: SalvageOptions): Subject {
  return { source, options, examination: examine(source, options) };
}

function openingLine({ source, options, examination: { judgement, evidence } }: Subject): object {
  return {
    type: 'salvage',
    schema: 1,
    tool: `unscathed ${version}`,
    name: options.name ?? '',
    size: source.size,
    verdict: judgement.verdict,
    reasons: judgement.reasons,
    untouched: untouchedRanges(evidence.ledger),
  };
}

/** Gives why the search ended early; null if it didn't. */
function search(subject: Subject, limits: SalvageLimits, found: (item: Item) => void): string | null {
  let items = 0;
  let bytes = 0;
  let stopped: string | null = null;
  const take = (item: Item): boolean => {
    if (items >= limits.items) stopped = `more than ${limits.items} items`;
    else if (bytes + item.size > limits.bytes) stopped = `more than ${limits.bytes} bytes`;
    if (stopped !== null) return false;
    items++;
    bytes += item.size;
    found(item);
    return true;
  };
  try {
    for (const group of finders) group.find((finder) => finder.suits(subject))?.find(subject, take);
  } catch (error) {
    if (!(error instanceof OverBudget)) throw error;
    return stopped ?? error.message;
  }
  return stopped;
}
