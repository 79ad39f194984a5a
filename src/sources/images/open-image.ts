import { Broken, OverBudget, ReadError } from '../../bytes/errors.ts';
import { complement, union } from '../../bytes/range.ts';
import type { ByteSource } from '../../bytes/source.ts';
import { fromBytes, fromText, type Path } from '../folders/path.ts';
import type { RootPath } from '../folders/roots.ts';
import type { Container, ContainerOptions } from './container.ts';
import type { FileSystem, KnownVolume } from './file-system.ts';
import { fileSystems, knownVolumes } from './file-systems/table.ts';
import { openContainer } from './open-container.ts';
import { openVolume, readVolumes } from './volumes/read-volumes.ts';
import type { Volume, VolumeTable } from './volumes.ts';

/** What was found in a volume. */
export type VolumeContent =
  /** A file system that can be read. */
  | { readonly kind: 'files'; readonly fileSystem: FileSystem }
  /** Known by name only: another file system, or encrypted by its owner. */
  | { readonly kind: 'known'; readonly known: KnownVolume }
  /** It says that it's a file system, but can't be opened. */
  | { readonly kind: 'broken'; readonly id: string; readonly title: string; readonly why: string }
  /** Nothing that is known. */
  | { readonly kind: 'unknown' };

/** A volume of an opened image. */
export interface ImageVolume {
  readonly volume: Volume;
  /** The volume's bytes; open as long as the image is. */
  readonly source: ByteSource;
  /** Found when it's first asked for. */
  readonly content: VolumeContent;
}

/** An opened disk image: container, volumes, file systems. Nothing is written, nothing is mounted. */
export interface Image {
  readonly path: Path;
  readonly container: Container;
  readonly table: VolumeTable;
  readonly volumes: readonly ImageVolume[];
  close(): void;
}

/**
 * Opens a disk image: raw, E01, QCOW2, VMDK, VHD, VHDX, VDI, whatever its name. Segments, extents and parents are opened
 * where they lie beside it, and nowhere else.
 *
 * ```js
 * const image = openImage('disk.E01');
 * for (const { volume, content } of image.volumes) {
 *   if (content.kind !== 'files') continue;
 *   for (const entry of content.fileSystem.entries()) if (entry.kind === 'file') console.log(volume.name, entry.path);
 * }
 * image.close();
 * ```
 * @param path as text, or as bytes where it isn't UTF-8
 * @throws ReadError when the file can't be read; Broken, Truncated, OverBudget when the image can't be opened at all
 */
export function openImage(path: RootPath, options: ContainerOptions = {}): Image {
  return openImageAt(typeof path === 'string' ? fromText(path) : fromBytes(path), options);
}

/** Stands between a volume and what reads it: to observe the reads, for example. */
export type Wrap = (volume: ByteSource) => ByteSource;

const bare: Wrap = (volume) => volume;

/** The same for a path that the walk found. @throws as `openImage` */
export function openImageAt(path: Path, options: ContainerOptions = {}, wrap: Wrap = bare): Image {
  const container = openContainer(path, options);
  try {
    const table = readVolumes(container.contents, container.sectorSize);
    const volumes = table.volumes.map((volume) => new LazyVolume(container, volume, wrap));
    return { path, container, table, volumes, close: () => container.close() };
  } catch (error) {
    container.close();
    throw error;
  }
}

/** The same image with other volumes than its table gives, for where that's lost. Closing either closes both. */
export function withVolumes(image: Image, volumes: readonly Volume[], wrap: Wrap = bare): Image {
  const { container, table } = image;
  const used = union(volumes.flatMap(({ parts }) => parts));
  const gaps = complement(used, { start: 0, end: container.contents.size });
  return {
    ...image,
    table: { ...table, volumes, gaps },
    volumes: volumes.map((volume) => new LazyVolume(container, volume, wrap)),
  };
}

class LazyVolume implements ImageVolume {
  readonly volume: Volume;
  readonly source: ByteSource;
  #content: VolumeContent | null = null;

  constructor(container: Container, volume: Volume, wrap: Wrap) {
    this.volume = volume;
    this.source = wrap(openVolume(container.contents, volume));
  }

  get content(): VolumeContent {
    this.#content ??= findContent(this.source);
    return this.#content;
  }
}

/** Owner's encryption first: a BitLocker volume has the boot sector of the file system that it holds. */
function findContent(volume: ByteSource): VolumeContent {
  try {
    const known = knownVolumes.find((one) => one.recognise(volume));
    return known === undefined ? openFileSystem(volume) : { kind: 'known', known };
  } catch (error) {
    return { kind: 'broken', id: 'unknown', title: 'Unknown', why: reasonOf(error) };
  }
}

function openFileSystem(volume: ByteSource): VolumeContent {
  const format = fileSystems.find((one) => one.recognise(volume));
  if (format === undefined) return { kind: 'unknown' };
  try {
    return { kind: 'files', fileSystem: format.open(volume) };
  } catch (error) {
    return { kind: 'broken', id: format.id, title: format.title, why: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Broken || error instanceof OverBudget || error instanceof ReadError)
    return error.message;
  throw error;
}
