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
  /** Of a file in a disk image: which one it is. */
  readonly origin?: ReportedOrigin;
  /** Of a file in a disk image: where its bytes are stored, in order of the file. */
  readonly extents?: readonly ReportedExtent[];
  /** Extents beyond those listed. */
  readonly extentsLeftOut?: number;
}

/** Which file of a disk image a line is on. */
export interface ReportedOrigin {
  readonly image: ReportedPath;
  /** The volume's name; empty where the file system takes the whole disk. */
  readonly volume: string;
  /** `ntfs`, `ext4`; null for what stands for a volume as a whole. */
  readonly fileSystem: string | null;
  /** Inode or MFT record; for FAT and exFAT the byte of the volume at which the directory entry stands. */
  readonly inode: number | null;
  readonly times: ReportedTimes;
  /** Its name was deleted: the bytes may be another file's by now. */
  readonly deleted?: true;
  /** Of a file found in an image that was hit itself. */
  readonly found?: {
    /** Whether metadata and extents lie outside of every encrypted range. */
    readonly state: 'untouched' | 'partial' | 'unknown';
    /** How much of the path was read, and not made up: all of it, the name, or nothing. */
    readonly naming: 'full' | 'leaf' | 'none';
  };
}

/** ISO 8601, UTC; null where the file system has none. */
export interface ReportedTimes {
  readonly modified: string | null;
  readonly accessed: string | null;
  /** Change of the metadata. */
  readonly changed: string | null;
  readonly created: string | null;
}

/**
 * A run of a file's bytes in a disk image. `start` and `end` count in the file, `disk` in the disk, `at` in the file of
 * the image with the number `file`, in the order of the line of type `image`.
 */
export interface ReportedExtent extends Range {
  readonly disk?: number;
  readonly file?: number;
  readonly at?: number;
  /** Stored compressed, in so many bytes at `at`. */
  readonly stored?: number;
  /** Compressed by the file system, in so many bytes at `disk`. */
  readonly packed?: number;
  /** Stored nowhere: it reads as zeros. */
  readonly zero?: true;
  /** Why the image has lost these bytes. */
  readonly unreadable?: string;
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

export interface ReportedNotice {
  /** `wrong`: contents may be missing or stale. */
  readonly level: 'wrong' | 'note';
  readonly text: string;
}

/** A disk image whose files are examined. */
export interface ImageLine {
  readonly type: 'image';
  readonly path: ReportedPath;
  /** `ewf`, `qcow2`, `raw`. */
  readonly container: string;
  /** All files that hold the image. */
  readonly files: readonly ReportedPath[];
  /** Bytes of the disk. */
  readonly size: number;
  readonly sectorSize: number;
  readonly scheme: 'gpt' | 'mbr' | 'none';
  readonly volumes: number;
  /** Ranges of the disk that belong to no volume and no table. */
  readonly gaps: readonly Range[];
  /** Ranges of the disk that were encrypted, where the image was hit itself. */
  readonly damage?: readonly Range[];
  readonly damageLeftOut?: number;
  /** The owner's encryption of the whole image. */
  readonly protection: string | null;
  readonly notices: readonly ReportedNotice[];
}

/** A volume of a disk image; it comes after the lines on its files were begun. */
export interface VolumeLine {
  readonly type: 'volume';
  readonly path: ReportedPath;
  /** Bytes of the disk. */
  readonly start: number;
  readonly end: number;
  /** What the partition table says that it holds. */
  readonly partition: string;
  readonly label: string | null;
  /** What it holds; null where nothing known is found. */
  readonly content: string | null;
  /** `read`: its files have lines of their own; `protected` by its owner; `unread`; `unknown`: examined as if it were one file. */
  readonly state: 'read' | 'protected' | 'unread' | 'unknown';
  /** Names of its file system, folders and links included. */
  readonly entries: number;
  readonly notices: readonly ReportedNotice[];
}

/** What the space that no file uses is filled with. Bytes. */
export interface SpaceLine {
  readonly type: 'space';
  readonly path: ReportedPath;
  /** By the file system's own bitmap, or by the partition table. */
  readonly what: 'unallocated' | 'between volumes';
  readonly bytes: number;
  /** In blocks of 4 KiB that pass for random. */
  readonly random: number;
  readonly zero: number;
  readonly other: number;
  readonly unreadable: number;
}

/** What files that were hit have in common across kinds of files: the mark of the incident, learnt from the scan itself. */
export interface IncidentLine {
  readonly type: 'incident';
  readonly marks: readonly ReportedMark[];
  /** Files whose verdict was raised, by the verdict that they have now. */
  readonly raised: { readonly encrypted: number; readonly suspect: number };
  /** Files whose lines could not wait for the end of the scan, as there was no more room: they weren't compared with the marks. */
  readonly unweighed?: number;
}

export interface ReportedMark {
  readonly kind: 'tail-bytes' | 'head-bytes' | 'tail-check' | 'tail-length' | 'extension' | 'layout';
  readonly text: string;
  /** Distance from the end (`tail-bytes`) or the beginning (`head-bytes`), in bytes, and what stands there. */
  readonly bytes?: readonly { readonly at: number; readonly hex: string }[];
  readonly extension?: string;
  /** Files that have the mark, of those that were compared; of many, a sample is. */
  readonly files: number;
  readonly compared: number;
  /** Kinds of files that have it; types that begin alike are one kind. */
  readonly kinds: number;
  /** The probability, at most, with which unrelated files would share it; null where no law of chance applies. */
  readonly chance: number | null;
}

/** A layout of encryption, and the encrypted files that have it. */
export interface ReportedLayout {
  readonly kind: Scheme['kind'];
  /** In words that are equal for equal layouts: shares of the file where lengths depend on its size. */
  readonly text: string;
  readonly files: number;
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
  /** Files that changed while they were examined; left out where none did. */
  readonly changed?: number;
  /** Layouts of the encrypted files, those with most files first; left out where there are none. */
  readonly layouts?: readonly ReportedLayout[];
  /** Encrypted files in layouts beyond those listed. */
  readonly layoutsLeftOut?: number;
  readonly interrupted: boolean;
  /** ISO 8601, UTC. */
  readonly finished: string;
}

export type ReportLine =
  | ScanLine
  | FileLine
  | SkippedLine
  | UnreadLine
  | ImageLine
  | VolumeLine
  | SpaceLine
  | IncidentLine
  | EndLine;

const MOST_RANGES = 1000;

export interface FileFacts {
  readonly path: ReportedPath;
  readonly modified: Date | null;
  readonly sha256?: string;
  readonly changed?: boolean;
  /** Of a file in a disk image. */
  readonly stored?: Pick<FileLine, 'origin' | 'extents' | 'extentsLeftOut'>;
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
    ...file.stored,
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
    ...file.stored,
  };
}

/** The report's line on bytes that weren't examined, since what holds them says that their owner encrypted them. */
export function protectedLine(file: FileFacts, size: number, protection: string): FileLine {
  return {
    ...unreadFileLine(file, size, ''),
    verdict: 'protected',
    restore: 'yes',
    reasons: [{ code: 'R702', text: `Encrypted by its owner: ${protection}`, at: null }],
  };
}

/** The report's line on a file of which these ranges lie in encrypted ranges of its disk image. */
export function hitLine(file: FileFacts, size: number, hit: readonly Range[]): FileLine {
  const by = 'encrypted range of the disk image';
  return {
    ...unreadFileLine(file, size, ''),
    verdict: 'encrypted',
    ranges: hit.slice(0, MOST_RANGES).map(({ start, end }) => ({ start, end, state: 'encrypted', by })),
    ...(hit.length > MOST_RANGES ? { rangesLeftOut: hit.length - MOST_RANGES } : {}),
    reasons: [
      {
        code: 'R703',
        text: 'Parts of the file lie in encrypted ranges of the disk image',
        at: hit[0]?.start ?? null,
      },
    ],
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
