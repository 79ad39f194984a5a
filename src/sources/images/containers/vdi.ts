import { Broken } from '../../../bytes/errors.ts';
import { Reader } from '../../../bytes/reader.ts';
import { readVdiHeader, VDI_ABSENT, VDI_ZERO, type VdiHeader } from '../../../formats/disks/vdi-layout.ts';
import type { Container, ContainerFormat, ImageFile, Notice, Siblings } from '../container.ts';
import { readGuid } from '../guid.ts';
import { type Layer, type LayerPiece, MappedContainer } from '../mapped-container.ts';
import { Pages } from '../pages.ts';
import { type FoundParent, findParent } from '../parent.ts';
import { checkDiskSize } from '../size-limit.ts';

const DIFFERENCING = 4;
const types: Readonly<Record<number, string>> = { 1: 'dynamic', 2: 'fixed', 3: 'undo', 4: 'differencing' };
const MOST_BLOCK = 256 << 20;
const SIGNATURE = [0x7f, 0x10, 0xda, 0xbe];

export const vdi: ContainerFormat = {
  id: 'vdi',
  title: 'VirtualBox disk',
  spec: 'VirtualBox source, VDICore.h',
  recognise: (source) => new Reader(source).has(64, SIGNATURE),
  open: openVdi,
};

function openVdi(image: ImageFile, siblings: Siblings): Container {
  const reader = new Reader(image.source);
  const header = readVdiHeader(reader);
  const size = checkDiskSize(reader.u64le(368, 'size of the disk'), 368);
  checkSizes(header, size, reader.size);
  const isChild = header.type === DIFFERENCING;
  const parent = isChild ? findByUuid(reader, siblings) : null;
  return new MappedContainer({
    id: vdi.id,
    title: vdi.title,
    files: [image],
    layer: new VdiLayer(image, header, size),
    parent,
    facts: new Map([
      ['type', types[header.type] ?? `unknown (${header.type})`],
      ['block size', `${header.block} bytes`],
      ['UUID', readGuid(reader.bytes(392, 16))],
    ]),
    notices: checkLength(header, reader),
    protection: null,
  });
}

function checkSizes({ block, mapAt, count }: VdiHeader, size: number, length: number): void {
  if (block % 512 !== 0 || block > MOST_BLOCK)
    throw new Broken(376, 'size of a block', 'whole sectors', block);
  if (count < Math.ceil(size / block))
    throw new Broken(384, 'number of blocks', Math.ceil(size / block), count);
  if (mapAt + 4 * count > length) throw new Broken(340, 'block map', 'inside the file', mapAt);
}

/** The header counts the blocks that the file holds. */
function checkLength({ dataAt, block, extra }: VdiHeader, reader: Reader): Notice[] {
  const end = dataAt + reader.u32le(388) * (block + extra);
  if (end <= reader.size) return [];
  return [{ level: 'wrong', text: `the file ends ${end - reader.size} bytes before its last block does` }];
}

/** A child knows its parent's UUID only; the images beside it are looked through. */
function findByUuid(reader: Reader, siblings: Siblings): FoundParent {
  const wanted = readGuid(reader.bytes(424, 16));
  const name = siblings.list('').find((other) => /\.vdi$/i.test(other) && hasUuid(siblings, other, wanted));
  return findParent(siblings, [name ?? `UUID ${wanted}`], vdi.id);
}

function hasUuid(siblings: Siblings, name: string, uuid: string): boolean {
  const sibling = siblings.open(name);
  if (sibling === null) return false;
  try {
    const reader = new Reader(sibling.source);
    return reader.has(64, SIGNATURE) && reader.size >= 512 && readGuid(reader.bytes(392, 16)) === uuid;
  } finally {
    sibling.source.close();
  }
}

class VdiLayer implements Layer {
  readonly size: number;
  readonly unit: number;
  readonly #header: VdiHeader;
  readonly #pages: Pages;

  constructor({ source }: ImageFile, header: VdiHeader, size: number) {
    this.size = size;
    this.unit = header.block;
    this.#header = header;
    this.#pages = new Pages(source);
  }

  pieceAt(at: number): LayerPiece {
    const { mapAt, dataAt, block, extra } = this.#header;
    const index = Math.floor(at / block);
    const start = index * block;
    const end = Math.min(start + block, this.size);
    const entry = this.#pages.u32le(mapAt + 4 * index);
    if (entry === VDI_ZERO) return { kind: 'zero', start, end };
    if (entry === VDI_ABSENT) return { kind: 'parent', start, end };
    return { kind: 'data', start, end, file: 0, at: dataAt + entry * (block + extra) + extra };
  }
}
