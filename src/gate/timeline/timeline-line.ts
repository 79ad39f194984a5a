import type { Verdict } from '../../ledger/terms.ts';
import type { ReportedPath } from '../../report/line.ts';
import { toReportedPath } from '../../sources/folders/path-text.ts';
import { version as toolVersion } from '../../version.ts';
import type { Effort } from './assess.ts';
import type { Attack } from './attack.ts';
import type { Counts } from './census.ts';
import { firstHit, type History, type Version } from './history.ts';
import type { Notice, TimeSource } from './snapshot.ts';
import type { Timeline } from './timeline.ts';

/** The first line of a timeline's report. */
export interface TimelineHeader {
  readonly type: 'timeline';
  readonly schema: 1;
  readonly tool: string;
  readonly orderedBy: string;
  /** The oldest first; other lines name them by their place, from 0 on. */
  readonly snapshots: readonly {
    readonly path: ReportedPath;
    readonly label: string;
    /** ISO 8601, UTC. */
    readonly time: string | null;
    readonly timeFrom: TimeSource | null;
  }[];
}

/** A path, with what became of it. */
export interface HistoryLine {
  readonly type: 'path';
  readonly path: ReportedPath;
  /** The newest first. */
  readonly versions: readonly {
    readonly snapshots: readonly number[];
    readonly source?: ReportedPath;
    readonly size: number;
    readonly modified: string;
    readonly sha256: string | null;
    readonly verdict: Verdict | null;
    readonly reason: Version['reason'];
    /** Under a name that an attack gave it. */
    readonly renamed?: true;
  }[];
  /** Snapshots in which it may have been, though it couldn't be found. */
  readonly unknown?: readonly number[];
  /** The snapshot in which it was hit for the first time. */
  readonly hit: number | null;
  /** The newest snapshot in which it's intact. */
  readonly intact: number | null;
}

/** A point of the plot. */
export interface SnapshotLine extends Counts {
  readonly type: 'snapshot';
  readonly snapshot: number;
  readonly bytes: number;
  /** Links, devices and the like. */
  readonly skipped: number;
  readonly unread: number;
  /** Of the files that are hit; 0–1. */
  readonly share: number;
}

/** The last line; a report without it is incomplete. */
export interface TimelineEnd {
  readonly type: 'end';
  readonly paths: number;
  readonly attack: Attack | null;
  readonly cleanPoint: number | null;
  readonly notices: readonly Notice[];
  readonly effort: Readonly<Effort>;
}

export type TimelineLine = TimelineHeader | HistoryLine | SnapshotLine | TimelineEnd;

/** The timeline as lines of NDJSON, paths last but one. */
export function* timelineLines(timeline: Timeline): Generator<TimelineLine> {
  const { snapshots, orderedBy, counts, paths, attack, cleanPoint, notices, effort } = timeline;
  yield {
    type: 'timeline',
    schema: 1,
    tool: `unscathed ${toolVersion}`,
    orderedBy,
    snapshots: snapshots.map(({ path, label, time, timeFrom }) => ({
      path: toReportedPath(path),
      label,
      time: time === null ? null : new Date(time).toISOString(),
      timeFrom,
    })),
  };
  for (const index of counts.keys()) yield snapshotLine(timeline, index);
  for (const history of timeline.histories()) yield historyLine(history, snapshots.length);
  yield { type: 'end', paths, attack, cleanPoint, notices, effort };
}

function snapshotLine({ counts, listings }: Timeline, snapshot: number): SnapshotLine {
  const { bytes, skipped, unread, unreadLeftOut } = listings[snapshot]!;
  const all = counts[snapshot]!;
  return {
    type: 'snapshot',
    snapshot,
    ...all,
    bytes,
    skipped,
    unread: unread.length + unreadLeftOut,
    share: all.files === 0 ? 0 : all.hit / all.files,
  };
}

function historyLine(history: History, snapshots: number): HistoryLine {
  const { path, versions, unknown } = history;
  return {
    type: 'path',
    path: toReportedPath(path),
    versions: versions.map(
      ({ snapshots, path: source, size, modified, sha256, verdict, reason, renamed }) => ({
        snapshots,
        ...(source === path ? {} : { source: toReportedPath(source) }),
        size,
        modified: new Date(modified).toISOString(),
        sha256,
        verdict,
        reason,
        ...(renamed === true ? { renamed } : {}),
      }),
    ),
    ...(unknown.length > 0 ? { unknown } : {}),
    hit: firstHit(history, snapshots),
    intact: versions.find(({ verdict }) => verdict === 'intact')?.snapshots.at(-1) ?? null,
  };
}
