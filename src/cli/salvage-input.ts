import { basename, dirname, join } from 'node:path';
import { Broken, OverBudget, ReadError } from '../bytes/errors.ts';
import { FileSource } from '../bytes/file-source.ts';
import { bytesText, printable } from '../report/text.ts';
import { SafeFolder, UnsafeFolder } from '../salvage/safe-folder.ts';
import { salvage } from '../salvage/salvage.ts';
import { mayBeImage } from '../scan/images/image-names.ts';
import { fromText } from '../sources/folders/path.ts';
import { openImage } from '../sources/images/open-image.ts';
import { exitCode, UsageError } from './exit.ts';
import { type SalvageCommandOptions, salvageFromImage } from './salvage.ts';

/** Copies what is left of a disk image, or of any other file, and returns the exit code. @throws UsageError */
export function salvageFrom(path: string, options: SalvageCommandOptions): number {
  const isSaid = options.damage !== undefined || options.whole === true;
  return isSaid || isImage(path) ? salvageFromImage(path, options) : salvageFromFile(path, options);
}

/** By its name, by its container, or by a volume that is known; of one that was hit nothing else may be left. */
function isImage(path: string): boolean {
  if (mayBeImage(fromText(path), 0)) return true;
  try {
    const image = openImage(path);
    try {
      return image.container.id !== 'raw' || image.volumes.some(({ content }) => content.kind !== 'unknown');
    } finally {
      image.close();
    }
  } catch (error) {
    if (error instanceof Broken || error instanceof OverBudget || error instanceof ReadError) return false;
    throw error;
  }
}

function salvageFromFile(path: string, { to, quiet }: SalvageCommandOptions): number {
  const source = openFile(path);
  try {
    const folder = makeFolder(to, path);
    try {
      const { items, bytes, stopped } = salvage(source, folder, {
        name: basename(path),
        sibling: (name) => openBeside(join(dirname(path), basename(name))),
      });
      if (quiet !== true) {
        process.stderr.write(
          `${items} items, ${bytesText(bytes)}, proved and copied to ${printable(folder.path)}\n`,
        );
        if (stopped !== null) process.stderr.write(`ended early: ${printable(stopped)}\n`);
      }
      return stopped === null ? exitCode.safe : exitCode.incomplete;
    } finally {
      folder.close();
    }
  } finally {
    source.close();
  }
}

function openFile(path: string): FileSource {
  try {
    return new FileSource(path);
  } catch (error) {
    if (error instanceof ReadError) throw new UsageError(`${path}: ${error.message}`);
    throw error;
  }
}

function makeFolder(to: string, evidence: string): SafeFolder {
  try {
    return SafeFolder.make(to, [evidence]);
  } catch (error) {
    if (error instanceof UnsafeFolder) throw new UsageError(error.message);
    throw error;
  }
}

function openBeside(path: string): FileSource | null {
  try {
    return new FileSource(path);
  } catch {
    // There is no such file, or none that can be read: for a verifier that's the same.
    return null;
  }
}
