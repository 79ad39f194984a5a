import { toJsonLine } from '../report/ndjson.ts';
import { toBuffer } from '../sources/folders/path.ts';
import { displayText, toReportedPath } from '../sources/folders/path-text.ts';
import type { Times } from '../sources/images/file-system.ts';
import { exitCode, UsageError } from './exit.ts';
import {
  type ImageEntry,
  imageEntries,
  isPath,
  liesIn,
  openForCommand,
  trimPath,
  whyNotListed,
} from './image-entries.ts';
import { LineOutput } from './output.ts';

export interface ListOptions {
  readonly recursive?: boolean;
  readonly deleted?: boolean;
  readonly json?: boolean;
  readonly print0?: boolean;
  readonly snapshot?: string;
}

const kinds = { file: 'r', folder: 'd', link: 'l', special: 's' } as const;

/** Lists what is in a disk image, or in a folder of it, on standard output. @throws UsageError */
export async function listImage(path: string, given: string, options: ListOptions): Promise<number> {
  const image = openForCommand(path, options.snapshot);
  const output = LineOutput.toStream(process.stdout, 'standard output');
  const rowOf = chooseRow(options);
  const folder = trimPath(given);
  let count = 0;
  try {
    for (const found of imageEntries(image, { deleted: options.deleted === true })) {
      if (!isWanted(found, folder, options.recursive === true)) continue;
      count++;
      await output.writeBytes(rowOf(found));
      if (output.closed) break;
    }
    const unread = image.volumes.filter((volume) => whyNotListed(volume) !== null);
    for (const volume of unread)
      process.stderr.write(`unscathed: ${volume.volume.name || path}: ${whyNotListed(volume)}\n`);
    if (count === 0 && folder !== '') throw new UsageError(`${path} has no ${given}`);
    return unread.length > 0 || hasWrong(image) ? exitCode.incomplete : exitCode.safe;
  } finally {
    image.close();
  }
}

/** What's in the folder; a file stands for itself. Where volumes have names, the root of all is the list of theirs. */
function isWanted({ path, entry, volume }: ImageEntry, folder: string, isDeep: boolean): boolean {
  const isRootOfAll = folder === '' && volume.volume.name !== '';
  if (isRootOfAll) return isDeep || !entry.path.includes('/');
  return liesIn(path, folder, isDeep) || (entry.kind !== 'folder' && isPath(path, folder));
}

function hasWrong(image: ReturnType<typeof openForCommand>): boolean {
  return image.volumes.some(
    ({ content }) =>
      content.kind === 'files' && content.fileSystem.notices.some(({ level }) => level === 'wrong'),
  );
}

function chooseRow({ json, print0 }: ListOptions): (found: ImageEntry) => string | Buffer {
  if (json === true) return jsonRow;
  return print0 === true ? ({ path }) => Buffer.concat([toBuffer(path), Buffer.of(0)]) : textRow;
}

/** Kind, number, time of modification, size, path; `*` marks what was deleted, `!` what can't be read. */
function textRow({ path, entry }: ImageEntry): string {
  const { kind, id, size, times, allocated, unreadable } = entry;
  const marks = `${kinds[kind]}${allocated ? ' ' : '*'}${unreadable === null ? ' ' : '!'}`;
  const time = (isoOf(times.modified) ?? '-').replace(/\.\d+Z$/, 'Z').padEnd(20);
  return `${marks} ${String(id).padStart(10)}  ${time}  ${String(size).padStart(14)}  ${displayText(path)}\n`;
}

function jsonRow({ path, entry, volume }: ImageEntry): string {
  const { kind, size, id, links, times, allocated, unreadable, protection } = entry;
  return toJsonLine({
    path: toReportedPath(path),
    volume: volume.volume.name,
    kind,
    size,
    inode: id,
    links,
    times: timesOf(times),
    deleted: !allocated,
    unreadable,
    protection,
  });
}

function timesOf({ modified, accessed, changed, created }: Times): object {
  return {
    modified: isoOf(modified),
    accessed: isoOf(accessed),
    changed: isoOf(changed),
    created: isoOf(created),
  };
}

function isoOf(milliseconds: number | null): string | null {
  const date = new Date(milliseconds ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
