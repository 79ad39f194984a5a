import { Broken } from '../../../../bytes/errors.ts';
import { Reader } from '../../../../bytes/reader.ts';
import type { Container, ContainerFormat, ImageFile, Notice, Siblings } from '../../container.ts';
import { MappedContainer } from '../../mapped-container.ts';
import { type FoundParent, findParent } from '../../parent.ts';
import { type Descriptor, isDescriptor, parseDescriptor } from './descriptor.ts';
import { ExtentFiles } from './extent-files.ts';
import { VmdkLayer } from './layer.ts';
import { readSparseHeader, type SparseHeader } from './sparse-header.ts';

/** Of a descriptor; VMware's own have a few KiB. */
const MOST_TEXT = 1 << 20;

export const vmdk: ContainerFormat = {
  id: 'vmdk',
  title: 'VMware disk',
  spec: 'VMware, Virtual Disk Format 5.0',
  recognise(source) {
    const reader = new Reader(source);
    return reader.has(0, 'KDMV') || reader.has(0, 'COWD') || isDescriptor(readStart(reader));
  },
  open: openVmdk,
};

function openVmdk(image: ImageFile, siblings: Siblings): Container {
  const reader = new Reader(image.source);
  const isText = isDescriptor(readStart(reader));
  const header = isText ? null : readSparseHeader(reader);
  const descriptor =
    header === null ? parseDescriptor(readText(reader, 0, reader.size)) : embedded(reader, header);
  const files = new ExtentFiles(image, siblings);
  const extents =
    header === null || (descriptor?.extents.length ?? 0) > 1
      ? descriptor!.extents.map((line) => files.openExtent(line))
      : [files.sparse(0, header)];
  return new MappedContainer({
    id: vmdk.id,
    title: vmdk.title,
    files: files.files,
    layer: new VmdkLayer(extents),
    parent: descriptor === null ? unnamedParent(header) : findVmdkParent(descriptor, siblings),
    facts: factsOf(descriptor, header),
    notices: [...noticesOf(descriptor, header), ...files.notices],
    protection: null,
  });
}

/** The descriptor inside of a sparse file; null in a part of a split disk, and in ESX's own. */
function embedded(reader: Reader, { descriptor }: SparseHeader): Descriptor | null {
  const { at, length } = descriptor;
  if (at === 0 || length === 0 || length > MOST_TEXT || at + length > reader.size) return null;
  const text = readText(reader, at, at + length);
  return isDescriptor(text) ? parseDescriptor(text) : null;
}

function readStart(reader: Reader): string {
  return reader.latin1(0, Math.min(reader.size, 64));
}

function readText(reader: Reader, start: number, end: number): string {
  if (end - start > MOST_TEXT)
    throw new Broken(start, 'descriptor', `at most ${MOST_TEXT} bytes`, end - start);
  const bytes = reader.whole(start, end, 'descriptor');
  return /encoding="?windows/i.test(bytes.toString('latin1')) ? bytes.toString('latin1') : bytes.toString();
}

function findVmdkParent({ parentCid, parentName }: Descriptor, siblings: Siblings): FoundParent | null {
  if (parentCid === null) return null;
  const found = findParent(siblings, [parentName]);
  const actual = found.container?.facts.get('CID');
  if (found.container === null || actual === parentCid) return found;
  const text = `the parent image has CID ${actual ?? 'none'}, not ${parentCid}: it was written since, or is another one`;
  return { ...found, notices: [...found.notices, { level: 'wrong', text }] };
}

/** A snapshot's grains without the text that names its parent. */
function unnamedParent(header: SparseHeader | null): FoundParent | null {
  if (header?.isDelta !== true) return null;
  const text = 'the file holds changes only: open the descriptor that names it and its parent';
  return { container: null, notices: [{ level: 'wrong', text }] };
}

function factsOf(descriptor: Descriptor | null, header: SparseHeader | null): Map<string, string> {
  const facts = new Map<string, string>();
  if (descriptor !== null) {
    facts.set('type', descriptor.createType);
    facts.set('CID', descriptor.cid);
    facts.set('extents', String(descriptor.extents.length));
  }
  if (header !== null) facts.set('grain size', `${header.grain} bytes`);
  return facts;
}

function noticesOf(descriptor: Descriptor | null, header: SparseHeader | null): Notice[] {
  const notices: Notice[] = [];
  if (descriptor === null) {
    const text = 'the file has no descriptor: it may be a part of a disk, or the child of another';
    notices.push({ level: 'note', text });
  }
  if (header?.isDirty) notices.push({ level: 'note', text: "the disk wasn't closed properly" });
  if (header?.isTransferredWell === false) {
    notices.push({ level: 'wrong', text: 'line ends were changed in the file: it was transferred as text' });
  }
  return notices;
}
