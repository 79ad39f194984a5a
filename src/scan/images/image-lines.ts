import type { Range } from '../../bytes/range.ts';
import type { ImageLine, ReportedNotice, VolumeLine } from '../../report/line.ts';
import { joinPath, type Path } from '../../sources/folders/path.ts';
import { toReportedPath } from '../../sources/folders/path-text.ts';
import type { Notice } from '../../sources/images/container.ts';
import type { Image, ImageVolume } from '../../sources/images/open-image.ts';
import { BatchReport } from '../batch-report.ts';
import { unpackRanges } from './damage-ranges.ts';
import type { ImageExamined } from './image-task.ts';
import type { OpenedImage, OpenedVolume } from './opened-image.ts';

/** The path under which a volume's files stand. */
export function pathOf(image: Image, { volume }: ImageVolume): Path {
  return joinPath(image.path, volume.name as Path);
}

/** Ranges that a line lists. */
const MOST_RANGES = 1000;

/** The line on an image. */
export function imageLine({ image, damage }: OpenedImage): ImageLine {
  const { container, table } = image;
  return {
    type: 'image',
    path: toReportedPath(image.path),
    container: container.id,
    files: container.files.map(toReportedPath),
    size: container.contents.size,
    sectorSize: container.sectorSize,
    scheme: table.scheme,
    volumes: table.volumes.length,
    gaps: table.gaps.slice(0, MOST_RANGES).map(plainRange),
    ...(damage === null ? {} : damageFields(unpackRanges(damage.ranges))),
    protection: container.protection,
    notices: [...container.notices, ...table.notices].map(reportedNotice),
  };
}

function damageFields(damage: readonly Range[]): Pick<ImageLine, 'damage' | 'damageLeftOut'> {
  const leftOut = damage.length - MOST_RANGES;
  return { damage: damage.slice(0, MOST_RANGES), ...(leftOut > 0 ? { damageLeftOut: leftOut } : {}) };
}

function plainRange({ start, end }: Range): Range {
  return { start, end };
}

/** The line on a volume that was read, and one that says so if parts of it may be missing. */
export function reportVolume({ image, volume, id, notices }: OpenedVolume, entries: number): ImageExamined {
  const report = new BatchReport();
  report.add(volumeLine(image, volume, { content: id, state: 'read', entries, notices }));
  const wrong = notices.filter(({ level }) => level === 'wrong');
  if (wrong.length > 0) {
    const more = wrong.length > 1 ? ` (and ${wrong.length - 1} more)` : '';
    const why = `parts may be missing or stale: ${wrong[0]!.text}${more}`;
    report.add({ type: 'unread', path: toReportedPath(pathOf(image, volume)), why });
  }
  return { kind: 'examined', ...report.result(), skipped: 0, unread: Math.min(1, wrong.length) };
}

export function volumeLine(
  image: Image,
  { volume, content }: ImageVolume,
  found: Pick<VolumeLine, 'content' | 'state' | 'entries'> & { readonly notices: readonly Notice[] },
): VolumeLine {
  const label = content.kind === 'files' ? (content.fileSystem.label ?? volume.label) : volume.label;
  return {
    type: 'volume',
    path: toReportedPath(joinPath(image.path, volume.name as Path)),
    start: volume.start,
    end: volume.end,
    partition: volume.type,
    label,
    ...found,
    notices: found.notices.map(reportedNotice),
  };
}

export function reportedNotice({ level, text }: Notice): ReportedNotice {
  return { level, text };
}

export function nothingExamined(): ImageExamined {
  return { kind: 'examined', ...new BatchReport().result(), skipped: 0, unread: 0 };
}
