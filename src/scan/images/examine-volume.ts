import type { Range } from '../../bytes/range.ts';
import { type FileFacts, unreadFileLine } from '../../report/line.ts';
import { toReportedPath } from '../../sources/folders/path-text.ts';
import type { Image, ImageVolume } from '../../sources/images/open-image.ts';
import { placeExtents } from '../../sources/images/placement.ts';
import { measureSpace } from '../../sources/images/space.ts';
import { BatchReport } from '../batch-report.ts';
import { type ExaminedFile, examineBytes, type FileOptions, whyFailed } from '../examine-file.ts';
import { originOfVolume } from './entry-report.ts';
import { pathOf, volumeLine } from './image-lines.ts';
import type { ImageExamined } from './image-task.ts';

/** Examines a volume in which nothing known is found, as if it were one file without a name. */
export function examineVolume(image: Image, number: number, options: FileOptions): ImageExamined {
  const volume = image.volumes[number]!;
  const report = new BatchReport();
  report.add(volumeLine(image, volume, { content: null, state: 'unknown', entries: 0, notices: [] }));
  report.addFile(pathOf(image, volume), examineWhole(image, volume, options));
  return { kind: 'examined', ...report.result(), skipped: 0, unread: 0 };
}

const MOST_EXTENTS = 1000;

function examineWhole(image: Image, volume: ImageVolume, options: FileOptions): ExaminedFile {
  const path = pathOf(image, volume);
  const facts = factsOf(image, volume);
  try {
    return examineBytes(path, volume.source, options, () => facts);
  } catch (error) {
    const line = unreadFileLine(
      { path: toReportedPath(path), ...facts },
      volume.source.size,
      whyFailed(error),
    );
    return { line, testimony: null };
  }
}

export function factsOf(image: Image, volume: ImageVolume): Omit<FileFacts, 'path'> {
  const whole = { kind: 'data' as const, start: 0, end: volume.source.size, at: 0 };
  const { extents, leftOut } = placeExtents(image.container, volume.volume, [whole], MOST_EXTENTS);
  return {
    modified: null,
    stored: {
      origin: originOfVolume(image, volume),
      extents,
      ...(leftOut > 0 ? { extentsLeftOut: leftOut } : {}),
    },
  };
}

/** What fills the space that no file uses: of a volume, or between all volumes. */
export function measureUnused(image: Image, number: number | null, beat: () => void): ImageExamined {
  const report = new BatchReport();
  if (number === null) {
    const shares = measureSpace(image.container.contents, image.table.gaps, beat);
    report.add({ type: 'space', path: toReportedPath(image.path), what: 'between volumes', ...shares });
  } else {
    const volume = image.volumes[number]!;
    const shares = measureSpace(volume.source, unallocatedOf(volume), beat);
    report.add({
      type: 'space',
      path: toReportedPath(pathOf(image, volume)),
      what: 'unallocated',
      ...shares,
    });
  }
  return { kind: 'examined', ...report.result(), skipped: 0, unread: 0 };
}

function unallocatedOf({ content }: ImageVolume): Iterable<Range> {
  return content.kind === 'files' ? content.fileSystem.unallocated() : [];
}
