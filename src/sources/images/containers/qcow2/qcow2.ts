import { Broken } from '../../../../bytes/errors.ts';
import { Reader } from '../../../../bytes/reader.ts';
import type {
  Container,
  ContainerFormat,
  ContainerOptions,
  ImageFile,
  Notice,
  Siblings,
} from '../../container.ts';
import { type Layer, MappedContainer } from '../../mapped-container.ts';
import { type FoundParent, findParent } from '../../parent.ts';
import { lastSegment } from '../../siblings.ts';
import { type Qcow2, readQcow2 } from './header.ts';
import { Qcow2Layer, SealedLayer } from './layer.ts';
import { chooseSnapshot, listSnapshots, type Snapshot } from './snapshots.ts';

const protections: Readonly<Record<number, string>> = { 1: 'AES inside qcow2', 2: 'LUKS inside qcow2' };

export const qcow2: ContainerFormat = {
  id: 'qcow2',
  title: 'QEMU disk, version 2 and 3',
  spec: 'QEMU, docs/interop/qcow2.rst',
  recognise(source) {
    const reader = new Reader(source);
    return reader.has(0, 'QFI\xfb\0\0\0\x02') || reader.has(0, 'QFI\xfb\0\0\0\x03');
  },
  open: openQcow2,
};

function openQcow2(image: ImageFile, siblings: Siblings, options: ContainerOptions = {}): Container {
  const header = readQcow2(new Reader(image.source));
  const snapshots = listSnapshots(new Reader(image.source), header);
  const chosen = options.snapshot === undefined ? null : chooseSnapshot(snapshots, options.snapshot);
  const protection = protections[header.crypt] ?? null;
  const { files, notices } = openFiles(image, header, siblings);
  return new MappedContainer({
    id: qcow2.id,
    title: qcow2.title,
    files,
    layer: protection === null ? layerOf(files, header, chosen) : new SealedLayer(header.size, protection),
    parent: findBacking(header, siblings),
    facts: factsOf(header, snapshots, chosen),
    notices,
    protection,
  });
}

function layerOf(files: readonly ImageFile[], header: Qcow2, snapshot: Snapshot | null): Layer {
  const firstLevel = snapshot?.firstLevel ?? header.firstLevel;
  return new Qcow2Layer(files, { ...header, firstLevel, size: snapshot?.size ?? header.size });
}

/** Contents may stand in a file of their own, whose name only is inside (incompatible bit 2). */
function openFiles(
  image: ImageFile,
  header: Qcow2,
  siblings: Siblings,
): { readonly files: readonly ImageFile[]; readonly notices: readonly Notice[] } {
  const notices: Notice[] = [];
  if (header.isCorrupt) notices.push({ level: 'wrong', text: 'QEMU marked the image as corrupt' });
  if (header.isDirty) {
    notices.push({
      level: 'note',
      text: "the image wasn't closed properly: its reference counts may be stale",
    });
  }
  if (!header.hasDataFile) return { files: [image], notices };
  const name = lastSegment(header.dataFileName ?? '');
  const data = siblings.open(name);
  if (data === null) throw new Broken(72, 'external data file', 'beside the image', JSON.stringify(name));
  return { files: [image, data], notices };
}

/** QEMU writes the parent's format down, so that a raw disk's contents can't pass themselves off as another format. */
function findBacking(header: Qcow2, siblings: Siblings): FoundParent | null {
  const { backingName, backingFormat } = header;
  if (backingName === null) return null;
  return findParent(siblings, [backingName], backingFormat ?? undefined);
}

function factsOf(
  header: Qcow2,
  snapshots: readonly Snapshot[],
  chosen: Snapshot | null,
): Map<string, string> {
  const facts = new Map([
    ['version', String(header.version)],
    ['cluster size', `${2 ** header.clusterBits} bytes`],
    ['compression', header.compression],
  ]);
  if (header.backingName !== null) facts.set('backing file', header.backingName);
  if (snapshots.length > 0) facts.set('snapshots', snapshots.map(describe).join(', '));
  if (chosen !== null) facts.set('snapshot shown', describe(chosen));
  return facts;
}

function describe({ id, name, seconds }: Snapshot): string {
  return `${id} ${JSON.stringify(name)} (${new Date(seconds * 1000).toISOString()})`;
}
