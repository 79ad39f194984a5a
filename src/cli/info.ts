import { ReadError } from '../bytes/errors.ts';
import { totalLength } from '../bytes/range.ts';
import { toJsonLine } from '../report/ndjson.ts';
import { bytesText, printable } from '../report/text.ts';
import { displayText, toReportedPath } from '../sources/folders/path-text.ts';
import type { Notice } from '../sources/images/container.ts';
import type { Image, ImageVolume } from '../sources/images/open-image.ts';
import { type HashCheck, verifyHashes } from '../sources/images/verify-hashes.ts';
import { exitCode } from './exit.ts';
import { openForCommand, whyNotListed } from './image-entries.ts';
import { painterFor } from './paint.ts';

export interface InfoOptions {
  readonly verify?: boolean;
  readonly json?: boolean;
  readonly snapshot?: string;
}

/** The stored hashes as they were compared; `why` where that wasn't possible. */
interface Verification {
  readonly checks: readonly HashCheck[];
  readonly why: string | null;
}

/** Tells what a disk image is and holds on standard output, and returns the exit code. @throws UsageError */
export function describeImageFile(path: string, options: InfoOptions): number {
  const image = openForCommand(path, options.snapshot);
  try {
    const verification = options.verify === true ? verify(image) : null;
    const text =
      options.json === true
        ? toJsonLine(asData(image, verification))
        : `${asText(image, verification).join('\n')}\n`;
    process.stdout.write(text);
    return codeFor(verification);
  } finally {
    image.close();
  }
}

function verify({ container }: Image): Verification {
  try {
    const checks = verifyHashes(container);
    return { checks, why: checks.length === 0 ? 'the image stores no hash' : null };
  } catch (error) {
    if (error instanceof ReadError) return { checks: [], why: error.message };
    throw error;
  }
}

/** A hash that's wrong means that the evidence changed; one that can't be compared, that nobody knows. */
function codeFor(verification: Verification | null): number {
  if (verification === null) return exitCode.safe;
  if (verification.checks.some(({ isRight }) => !isRight)) return exitCode.unsafe;
  return verification.why === null ? exitCode.safe : exitCode.incomplete;
}

function asText(image: Image, verification: Verification | null): string[] {
  const { container, table } = image;
  const paint = painterFor(process.stdout);
  return [
    `${paint(displayText(image.path), 'strong')}: ${container.title}, ${bytesText(container.contents.size)} (${container.contents.size} bytes), sectors of ${container.sectorSize} bytes`,
    ...container.files.slice(1).map((file) => row('with', displayText(file))),
    ...[...container.facts].map(([name, value]) => row(name, value)),
    ...(container.protection === null ? [] : [row('encrypted by its owner', container.protection)]),
    ...container.notices.map(noticeRow),
    ...verificationRows(verification),
    '',
    `partition table: ${table.scheme}`,
    ...table.notices.map(noticeRow),
    ...image.volumes.flatMap((volume) => ['', ...volumeRows(volume)]),
    ...(table.gaps.length > 0 ? ['', `between volumes: ${bytesText(totalLength(table.gaps))}`] : []),
    ...table.gaps.map(({ start, end }) => row('', `${start} – ${end}`)),
  ];
}

function volumeRows(opened: ImageVolume): string[] {
  const { volume, content } = opened;
  const place = `${volume.start} – ${volume.end}, ${bytesText(volume.end - volume.start)}`;
  const name = volume.name === '' ? 'whole disk' : `${printable(volume.name)}: ${printable(volume.type)}`;
  const why = whyNotListed(opened);
  return [
    `${name}${volume.label === null ? '' : ` “${printable(volume.label)}”`} (${place})`,
    ...(why === null ? [] : [row('not read', why)]),
    ...(content.kind === 'files'
      ? [
          row('file system', content.fileSystem.title),
          ...(content.fileSystem.label === null ? [] : [row('label', content.fileSystem.label)]),
          ...[...content.fileSystem.facts].map(([fact, value]) => row(fact, value)),
          ...content.fileSystem.notices.map(noticeRow),
        ]
      : []),
  ];
}

function verificationRows(verification: Verification | null): string[] {
  if (verification === null) return [];
  return [
    ...verification.checks.map(({ algorithm, hex, actual, isRight }) =>
      row(`${algorithm} stored`, isRight ? `${hex}, and right` : `${hex}, but the contents give ${actual}`),
    ),
    ...(verification.why === null ? [] : [row('not verified', verification.why)]),
  ];
}

function row(name: string, value: string): string {
  return `  ${printable(name).padEnd(16)} ${printable(value)}`;
}

function noticeRow({ level, text }: Notice): string {
  return row(level === 'wrong' ? '!' : 'note', text);
}

function asData(image: Image, verification: Verification | null): object {
  const { container, table } = image;
  return {
    path: toReportedPath(image.path),
    container: container.id,
    title: container.title,
    files: container.files.map(toReportedPath),
    size: container.contents.size,
    sectorSize: container.sectorSize,
    facts: Object.fromEntries(container.facts),
    protection: container.protection,
    notices: container.notices,
    ...(verification === null ? {} : { verified: verification }),
    scheme: table.scheme,
    tableNotices: table.notices,
    gaps: table.gaps,
    volumes: image.volumes.map(volumeData),
  };
}

function volumeData(opened: ImageVolume): object {
  const { volume, content } = opened;
  const { name, type, label, start, end, parts } = volume;
  const why = whyNotListed(opened);
  if (content.kind !== 'files')
    return { name, type, label, start, end, parts, fileSystem: null, notRead: why };
  const { id, title, blockSize, facts, notices } = content.fileSystem;
  const fileSystem = {
    id,
    title,
    label: content.fileSystem.label,
    blockSize,
    facts: Object.fromEntries(facts),
    notices,
  };
  return { name, type, label, start, end, parts, fileSystem, notRead: null };
}
