import { Broken } from '../../../../bytes/errors.ts';
import { Reader } from '../../../../bytes/reader.ts';
import {
  readVhdTable,
  VHD_DIFFERENCING,
  VHD_DYNAMIC,
  VHD_FIXED,
  type VhdTable,
} from '../../../../formats/disks/vhd-layout.ts';
import type { Container, ContainerFormat, ImageFile, Notice, Siblings } from '../../container.ts';
import { MappedContainer } from '../../mapped-container.ts';
import type { FoundParent } from '../../parent.ts';
import { checkDiskSize } from '../../size-limit.ts';
import { findFooter, type VhdFooter } from './footer.ts';
import { FixedVhdLayer, VhdLayer } from './layer.ts';
import { findVhdParent } from './vhd-parent.ts';

const types: Readonly<Record<number, string>> = { 2: 'fixed', 3: 'dynamic', 4: 'differencing' };
const MOST_BLOCK = 256 << 20;

export const vhd: ContainerFormat = {
  id: 'vhd',
  title: 'Virtual PC and Hyper-V disk',
  spec: 'Microsoft, Virtual Hard Disk Image Format Specification 1.0',
  recognise: (source) => findFooter(new Reader(source)) !== null,
  open: openVhd,
};

function openVhd(image: ImageFile, siblings: Siblings): Container {
  const reader = new Reader(image.source);
  const footer = findFooter(reader);
  if (footer === null) throw new Broken(Math.max(0, reader.size - 512), 'footer', 'conectix', 'none');
  checkDiskSize(footer.size, footer.at + 48);
  if (footer.type === VHD_FIXED) return assemble(image, footer, null, null);
  if (footer.type !== VHD_DYNAMIC && footer.type !== VHD_DIFFERENCING) {
    throw new Broken(footer.at + 60, 'type of the disk', '2, 3 or 4', footer.type);
  }
  const table = readVhdTable(reader, footer.dataAt);
  checkTable(table, footer, reader.size);
  const isChild = footer.type === VHD_DIFFERENCING;
  const parent = isChild ? findVhdParent(reader, footer.dataAt, siblings) : null;
  return assemble(image, footer, table, parent);
}

function checkTable({ at, count, block }: VhdTable, footer: VhdFooter, length: number): void {
  if (block > MOST_BLOCK)
    throw new Broken(footer.dataAt + 32, 'size of a block', `at most ${MOST_BLOCK}`, block);
  if (at + 4 * count > length) throw new Broken(footer.dataAt + 16, 'table of blocks', 'inside the file', at);
  const needed = Math.ceil(footer.size / block);
  if (count < needed) throw new Broken(footer.dataAt + 28, 'number of blocks', needed, count);
}

function assemble(
  image: ImageFile,
  footer: VhdFooter,
  table: VhdTable | null,
  parent: FoundParent | null,
): Container {
  const layer = table === null ? new FixedVhdLayer(footer.size) : new VhdLayer(image, footer, table);
  const facts = new Map([
    ['type', types[footer.type]!],
    ['written by', footer.creator],
    ['UUID', footer.uuid],
  ]);
  if (table !== null) facts.set('block size', `${table.block} bytes`);
  return new MappedContainer({
    id: vhd.id,
    title: vhd.title,
    files: [image],
    layer,
    parent,
    facts,
    notices: noticesOf(footer, image.source.size),
    protection: null,
  });
}

function noticesOf(footer: VhdFooter, length: number): Notice[] {
  const notices: Notice[] = [];
  if (footer.at === 0) {
    notices.push({ level: 'wrong', text: 'the footer is damaged or cut off; its copy at the start is used' });
  } else if (footer.at + 512 < length) {
    const text = `${length - footer.at - 512} bytes stand behind the footer, where nothing belongs`;
    notices.push({ level: 'wrong', text });
  }
  if (footer.isSaved) notices.push({ level: 'note', text: 'the machine was in saved state' });
  return notices;
}
