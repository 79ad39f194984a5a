import { Broken, OverBudget, ReadError } from '../../bytes/errors.ts';
import { protectedLine, unreadFileLine } from '../../report/line.ts';
import type { Path } from '../../sources/folders/path.ts';
import { toReportedPath } from '../../sources/folders/path-text.ts';
import type { Image, ImageVolume } from '../../sources/images/open-image.ts';
import { BatchReport } from '../batch-report.ts';
import { factsOf } from './examine-volume.ts';
import { imageLine, pathOf, volumeLine } from './image-lines.ts';
import type {
  HitMap,
  ImageExamined,
  ImageSettings,
  NoImage,
  Opened,
  OpenedVolumeFacts,
} from './image-task.ts';
import type { OpenedImage } from './opened-image.ts';
import type { OpenedImages } from './opened-images.ts';

/** Opens the image, and says what is in it; or that it's a file as any other. */
export function describeImage(
  images: OpenedImages,
  path: Path,
  settings: ImageSettings,
  damage: HitMap | null,
  beat: () => void,
): Opened | NoImage {
  try {
    const opened = images.get(path, settings, damage, beat);
    return settings.hit || isImage(opened.image) ? describe(opened) : { kind: 'no image', why: null };
  } catch (error) {
    if (!(error instanceof Broken || error instanceof OverBudget || error instanceof ReadError)) throw error;
    return { kind: 'no image', why: error.message };
  }
}

/** Any file can be taken for a raw disk: it's one if something is found on it. */
function isImage({ container, volumes }: Image): boolean {
  if (container.id !== 'raw') return true;
  return !isOptical(container.contents) && volumes.some(({ content }) => content.kind !== 'unknown');
}

/** A hybrid CD image has a partition table, too; its own file system is read by the format `iso` (ECMA-119 §8). */
function isOptical(disk: Image['container']['contents']): boolean {
  const mark = Buffer.alloc(5);
  return disk.read(mark, 0x8001) === mark.length && mark.toString('latin1') === 'CD001';
}

function describe(opened: OpenedImage): Opened {
  const { image } = opened;
  const report = new BatchReport();
  report.add(imageLine(opened));
  if (image.container.protection !== null) return sealed(image, image.container.protection, report);
  let unread = 0;
  for (const { text } of image.table.notices.filter(({ level }) => level === 'wrong').slice(0, 1)) {
    unread++;
    report.add({ type: 'unread', path: toReportedPath(image.path), why: text });
  }
  const volumes = image.volumes.flatMap((volume, number) => describeVolume(opened, volume, number, report));
  const done: ImageExamined = { kind: 'examined', ...report.result(), skipped: 0, unread };
  const parts = image.container.files.filter((file) => file !== image.path);
  return { kind: 'opened', done, volumes, parts, hasGaps: image.table.gaps.length > 0 };
}

/** Nothing of what the owner encrypted can be told. */
function sealed(image: Image, protection: string, report: BatchReport): Opened {
  const facts = { path: toReportedPath(image.path), modified: null };
  const line = protectedLine(facts, image.container.contents.size, protection);
  report.addFile(image.path, { line, testimony: null });
  const done: ImageExamined = { kind: 'examined', ...report.result(), skipped: 0, unread: 0 };
  return { kind: 'opened', done, volumes: [], parts: [], hasGaps: false };
}

/** Volumes that aren't read get their lines at once; the others are given back. */
function describeVolume(
  opened: OpenedImage,
  volume: ImageVolume,
  number: number,
  report: BatchReport,
): OpenedVolumeFacts[] {
  const facts = { number, path: pathOf(opened.image, volume), size: volume.source.size };
  if (opened.volume(number) !== null) return [{ ...facts, kind: 'files' }];
  const { content } = volume;
  if (content.kind === 'unknown' || (content.kind === 'files' && opened.damage !== null))
    return [{ ...facts, kind: 'unknown' }];
  reportUnreadVolume(opened.image, volume, report);
  return [];
}

function reportUnreadVolume(image: Image, volume: ImageVolume, report: BatchReport): void {
  const { content } = volume;
  const { id, title } = content.kind === 'known' ? content.known : (content as { id: string; title: string });
  const protection = content.kind === 'known' ? content.known.protection : null;
  const why = content.kind === 'broken' ? content.why : 'recognised, but not read';
  const path = pathOf(image, volume);
  const facts = { path: toReportedPath(path), ...factsOf(image, volume) };
  const { size } = volume.source;
  const state = protection === null ? 'unread' : 'protected';
  report.add(volumeLine(image, volume, { content: id, state, entries: 0, notices: [] }));
  const line =
    protection === null
      ? unreadFileLine(facts, size, `${title}: ${why}`)
      : protectedLine(facts, size, protection);
  report.addFile(path, { line, testimony: null });
}
