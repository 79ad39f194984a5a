import { type Verdict, verdicts } from '../ledger/terms.ts';
import type { Paint } from './explanation.ts';
import type { IncidentLine, ReportedLayout } from './line.ts';
import { bytesText, printable } from './text.ts';

/** What a finished scan came to. */
export interface Totals {
  readonly files: number;
  readonly bytes: number;
  readonly counts: Readonly<Record<Verdict, number>>;
  readonly skipped: number;
  readonly unread: number;
  /** Files that changed while they were examined. */
  readonly changed?: number;
  readonly milliseconds: number;
  readonly interrupted: boolean;
  readonly worstFolders: readonly {
    readonly folder: string;
    readonly files: number;
    readonly counts: Readonly<Partial<Record<Verdict, number>>>;
  }[];
  /** Layouts of the encrypted files, those with most files first. */
  readonly layouts?: readonly ReportedLayout[];
  /** What files that were hit have in common; null where that is nothing. */
  readonly incident?: IncidentLine | null;
}

export const toneOf: Readonly<Record<Verdict, 'good' | 'bad' | 'doubtful'>> = {
  encrypted: 'bad',
  damaged: 'bad',
  unread: 'bad',
  suspect: 'doubtful',
  unproved: 'doubtful',
  protected: 'good',
  intact: 'good',
};

const meaning: Readonly<Record<Verdict, string>> = {
  encrypted: 'ciphertext where the format forbids it: do not restore',
  damaged: 'broken, but not by encryption: do not restore',
  suspect: 'signs short of certainty: review',
  unread: 'could not be read: unknown',
  unproved: 'nothing wrong seen, nothing proved: review',
  protected: 'encrypted by its owner, well-formed: safe to restore',
  intact: 'every byte accounted for: safe to restore',
};

/** The scan in a few lines for people. */
export function summarise(totals: Totals, paint: Paint): string[] {
  const { files, bytes, milliseconds, interrupted } = totals;
  const seconds = Math.max(milliseconds / 1000, 0.001);
  return [
    `${paint(count(files, 'file'), 'strong')}, ${bytesText(bytes)} in ${seconds.toFixed(1)} s (${Math.round(files / seconds)} files/s, ${bytesText(bytes / seconds)}/s)`,
    ...verdicts
      .filter((verdict) => totals.counts[verdict] > 0)
      .map((verdict) => verdictRow(verdict, totals, paint)),
    ...folderRows(totals, paint),
    ...layoutRows(totals),
    ...incidentRows(totals, paint),
    ...leftOutRows(totals, paint),
    ...(interrupted ? [paint('interrupted: what is not listed was not examined', 'bad')] : []),
  ];
}

function verdictRow(verdict: Verdict, { counts }: Totals, paint: Paint): string {
  const number = counts[verdict].toLocaleString('en-US').padStart(10);
  return `${number}  ${paint(verdict.padEnd(9), toneOf[verdict])}  ${paint(meaning[verdict], 'faint')}`;
}

function folderRows({ worstFolders }: Totals, paint: Paint): string[] {
  if (worstFolders.length === 0) return [];
  return [
    'worst folders:',
    ...worstFolders.map(({ folder, files, counts }) => {
      const parts = Object.entries(counts).map(([verdict, number]) => `${number} ${verdict}`);
      return `${files.toLocaleString('en-US').padStart(10)}  ${folder}  ${paint(parts.join(', '), 'faint')}`;
    }),
  ];
}

const MOST_LAYOUTS = 5;

function layoutRows({ layouts = [] }: Totals): string[] {
  if (layouts.length === 0) return [];
  const rows = layouts
    .slice(0, MOST_LAYOUTS)
    .map(({ text, files }) => `${files.toLocaleString('en-US').padStart(10)}  ${text}`);
  const others = layouts.slice(MOST_LAYOUTS).reduce((sum, { files }) => sum + files, 0);
  return [
    'what of the encrypted files is encrypted:',
    ...rows,
    ...(others > 0 ? [`${others.toLocaleString('en-US').padStart(10)}  otherwise`] : []),
  ];
}

const MOST_MARKS = 5;

function incidentRows({ incident }: Totals, paint: Paint): string[] {
  if (incident === undefined || incident === null) return [];
  const { marks, raised } = incident;
  return [
    ...(marks.length > 0 ? ['files that were hit have in common:'] : []),
    ...marks
      .slice(0, MOST_MARKS)
      .map(
        ({ text, files, kinds }) =>
          `${files.toLocaleString('en-US').padStart(10)}  ${printable(text)}  ${paint(`files of ${kinds} kinds`, 'faint')}`,
      ),
    ...(raised.encrypted > 0 ? [`${count(raised.encrypted, 'suspect')} raised to encrypted by this`] : []),
    ...(raised.suspect > 0 ? [`${count(raised.suspect, 'unproved file')} raised to suspect by this`] : []),
  ];
}

function leftOutRows({ skipped, unread, changed = 0 }: Totals, paint: Paint): string[] {
  return [
    ...(changed > 0
      ? [paint(`${count(changed, 'file')} changed while being examined: look at them again`, 'doubtful')]
      : []),
    ...(unread > 0 ? [paint(`${count(unread, 'path')} could not be read; the report says why`, 'bad')] : []),
    ...(skipped > 0 ? [`${count(skipped, 'path')} skipped (links, devices, …); the report lists them`] : []),
  ];
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString('en-US')} ${noun}${number === 1 ? '' : 's'}`;
}
