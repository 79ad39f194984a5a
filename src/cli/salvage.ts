import { type Range, totalLength } from '../bytes/range.ts';
import { bytesText, printable } from '../report/text.ts';
import { type ManifestLine, salvageImage } from '../salvage/images/salvage-image.ts';
import { SafeFolder, UnsafeFolder } from '../salvage/safe-folder.ts';
import { damageOfDisk } from '../scan/images/map-damage.ts';
import { toSystemPath } from '../sources/folders/path.ts';
import type { Image } from '../sources/images/open-image.ts';
import { readDamage } from './damage-file.ts';
import { exitCode, UsageError } from './exit.ts';
import { openForCommand } from './image-entries.ts';

export interface SalvageCommandOptions {
  readonly to: string;
  readonly damage?: string;
  readonly whole?: boolean;
  readonly include?: string[];
  readonly exclude?: string[];
  readonly quiet?: boolean;
}

/** Copies what the encryption of a disk image left untouched, and returns the exit code. @throws UsageError */
export function salvageFromImage(path: string, options: SalvageCommandOptions): number {
  const image = openForCommand(path);
  try {
    const damage = options.whole === true ? null : findDamage(image, path, options.damage);
    return copyOut(image, damage, options);
  } catch (error) {
    if (error instanceof UnsafeFolder) throw new UsageError(error.message);
    throw error;
  } finally {
    image.close();
  }
}

function findDamage({ container }: Image, path: string, file: string | undefined): readonly Range[] {
  const damage = damageOfDisk(container, file === undefined ? null : readDamage(file), () => {});
  if (damage.length > 0) return damage;
  throw new UsageError(
    `no order of encrypted ranges was found in ${path}: give them by --damage, or copy all files as they are by --whole`,
  );
}

function copyOut(image: Image, damage: readonly Range[] | null, options: SalvageCommandOptions): number {
  const { include = [], exclude = [] } = options;
  const folder = SafeFolder.make(
    options.to,
    image.container.files.map((file) => String(toSystemPath(file))),
  );
  const tally = new SalvageTally();
  try {
    for (const line of salvageImage(image, folder, { damage, include, exclude })) tally.add(line);
    folder.record({ type: 'end', ...tally.counts });
  } finally {
    folder.close();
  }
  if (options.quiet !== true) process.stderr.write(`${tally.summary(damage, folder.path)}\n`);
  return tally.counts.left > 0 || tally.counts.unread > 0 ? exitCode.incomplete : exitCode.safe;
}

/** Counts what was copied, and what wasn't. */
class SalvageTally {
  readonly counts = { saved: 0, bytes: 0, left: 0, leftBytes: 0, skipped: 0, unread: 0 };

  add(line: ManifestLine): void {
    if (line.type === 'skipped') this.counts.skipped++;
    else if (line.type === 'unread') this.counts.unread++;
    else if (line.type === 'file' && line.saved !== null) {
      this.counts.saved++;
      this.counts.bytes += line.size;
    } else if (line.type === 'file') {
      this.counts.left++;
      this.counts.leftBytes += line.size;
    }
  }

  summary(damage: readonly Range[] | null, place: string): string {
    const { saved, bytes, left, leftBytes, skipped } = this.counts;
    return [
      ...(damage === null
        ? []
        : [`${bytesText(totalLength(damage))} of the disk are encrypted, in ${damage.length} ranges`]),
      `${saved} files, ${bytesText(bytes)}, copied to ${printable(place)}`,
      `${left} files, ${bytesText(leftBytes)}, not copied: the manifest says why${skipped > 0 ? `; ${skipped} links and devices` : ''}`,
    ].join('\n');
  }
}
