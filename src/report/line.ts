import { complement, type Range } from '../bytes/range.ts';
import type { Examination } from '../examine/examination.ts';
import type { State } from '../ledger/segment.ts';
import type { Verdict } from '../ledger/terms.ts';
import type { Policy, RestoreAdvice } from '../verdict/policy.ts';
import type { Reason } from '../verdict/rule.ts';
import type { Scheme } from '../verdict/scheme.ts';

/** The version of the report's form. Lines of another form get another number. */
export const SCHEMA_VERSION = 1;

/** A path as text for people and, where it isn't UTF-8, its bytes in base64. */
export interface ReportedPath {
  readonly text: string;
  readonly raw?: string;
}

/** The first line. */
export interface ScanLine {
  readonly type: 'scan';
  readonly schema: typeof SCHEMA_VERSION;
  readonly tool: string;
  /** ISO 8601, UTC. */
  readonly started: string;
  readonly roots: readonly ReportedPath[];
  readonly policy: Policy;
  readonly host: { readonly platform: string; readonly node: string };
}

/** A range that isn't accounted for as expected. Bytes; `end` is exclusive. */
export interface ReportedRange extends Range {
  readonly state: 'encrypted' | 'random' | 'unaccounted' | 'raw' | 'coded' | 'protected';
  readonly by: string;
}

/** One file. */
export interface FileLine {
  readonly type: 'file';
  readonly path: ReportedPath;
  /** Bytes. */
  readonly size: number;
  /** ISO 8601, UTC; null where it isn't known. */
  readonly modified: string | null;
  readonly verdict: Verdict;
  readonly restore: RestoreAdvice;
  /** The format that accounted for the bytes. */
  readonly format: string | null;
  /** The format that the magic bytes name. */
  readonly magic: string | null;
  /** Shannon entropy in bits per byte, 0–8. */
  readonly entropy: number | null;
  /** The shortest random overwrite, in bytes, that would be noticed wherever it is; null if the file wasn't read. */
  readonly floor: number | null;
  /** Bytes by the proof that accounts for them. */
  readonly accounted: Readonly<Record<State, number>> | null;
  readonly ranges: readonly ReportedRange[];
  /** Ranges beyond those listed. */
  readonly rangesLeftOut?: number;
  readonly scheme: Scheme | null;
  /** Families whose known layout or marks agree. */
  readonly family: string | null;
  readonly reasons: readonly Reason[];
  /** Files inside the file, by verdict. */
  readonly members?: Partial<Record<Verdict, number>>;
  readonly sha256?: string;
  /** The file changed while it was read. */
  readonly changed?: true;
}

/** Something that is no file to examine, and why: a link, a device. */
export interface SkippedLine {
  readonly type: 'skipped';
  readonly path: ReportedPath;
  readonly why: string;
}

/** A folder that couldn't be read, and why: what is in it is unknown. */
export interface UnreadLine {
  readonly type: 'unread';
  readonly path: ReportedPath;
  readonly why: string;
}

/** The last line; a report without it is incomplete. */
export interface EndLine {
  readonly type: 'end';
  readonly counts: Readonly<Record<Verdict, number>>;
  readonly files: number;
  readonly bytes: number;
  readonly skipped: number;
  /** Files and folders that couldn't be read. */
  readonly unread: number;
  readonly interrupted: boolean;
  /** ISO 8601, UTC. */
  readonly finished: string;
}

export type ReportLine = ScanLine | FileLine | SkippedLine | UnreadLine | EndLine;

const MOST_RANGES = 1000;

export interface FileFacts {
  readonly path: ReportedPath;
  readonly modified: Date | null;
  readonly sha256?: string;
  readonly changed?: boolean;
}

/** The report's line on a file that was examined. */
export function fileLine(file: FileFacts, { evidence, judgement }: Examination): FileLine {
  const ranges = reportedRanges({ evidence, judgement });
  const { identity, ledger } = evidence;
  return {
    type: 'file',
    path: file.path,
    size: evidence.size,
    modified: toIso(file.modified),
    verdict: judgement.verdict,
    restore: judgement.restore,
    format: identity.format?.id ?? null,
    magic: identity.magic?.id ?? null,
    entropy: round(evidence.wholeFile.entropy),
    floor: judgement.floor,
    accounted: ledger.totals(),
    ranges: ranges.slice(0, MOST_RANGES),
    ...(ranges.length > MOST_RANGES ? { rangesLeftOut: ranges.length - MOST_RANGES } : {}),
    scheme: judgement.scheme,
    family: familyText(judgement),
    reasons: judgement.reasons,
    ...(ledger.memberCounts.size > 0 ? { members: Object.fromEntries(ledger.memberCounts) } : {}),
    ...(file.sha256 === undefined ? {} : { sha256: file.sha256 }),
    ...(file.changed ? { changed: true } : {}),
  };
}

/** The report's line on a file that couldn't be read. */
export function unreadFileLine(file: FileFacts, size: number, why: string): FileLine {
  return {
    type: 'file',
    path: file.path,
    size,
    modified: toIso(file.modified),
    verdict: 'unread',
    restore: 'no',
    format: null,
    magic: null,
    entropy: null,
    floor: null,
    accounted: null,
    ranges: [],
    scheme: null,
    family: null,
    reasons: [{ code: 'R701', text: why, at: null }],
  };
}

const MOST_FAMILIES = 8;

/** Null where nothing is wrong: an ordinary extension that a family uses, too, accuses nobody. */
function familyText({ verdict, families }: Examination['judgement']): string | null {
  const isHit = verdict === 'encrypted' || verdict === 'suspect' || verdict === 'damaged';
  if (!isHit || families.length === 0) return null;
  const more = families.length > MOST_FAMILIES ? ` and ${families.length - MOST_FAMILIES} more` : '';
  return `consistent with ${families.slice(0, MOST_FAMILIES).join(', ')}${more}`;
}

/** Random runs first say what a range is; what they leave of it keeps the ledger's word. */
function reportedRanges({ evidence, judgement }: Examination): ReportedRange[] {
  const isEncrypted = judgement.verdict === 'encrypted';
  const signs = isEncrypted ? judgement.encrypted : evidence.runs;
  const runs = signs.map(
    ({ start, end }): ReportedRange => ({
      start,
      end,
      state: isEncrypted ? 'encrypted' : 'random',
      by: isEncrypted ? 'signs of ciphertext' : 'random run',
    }),
  );
  const rest = evidence.ledger.ranges('unaccounted', 'raw', 'coded', 'protected');
  const open = rest.flatMap((segment) =>
    complement(signs, segment).map(
      ({ start, end }): ReportedRange => ({
        start,
        end,
        state: segment.state as ReportedRange['state'],
        by: segment.by,
      }),
    ),
  );
  return [...runs, ...open].sort((a, b) => a.start - b.start);
}

function toIso(date: Date | null): string | null {
  return date === null || Number.isNaN(date.getTime()) ? null : date.toISOString();
}

function round(entropy: number): number {
  return Math.round(entropy * 10_000) / 10_000;
}
