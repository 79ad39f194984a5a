import { Reader } from '../../../../bytes/reader.ts';
import type { Container, ContainerFormat, ImageFile, Siblings } from '../../container.ts';
import { MappedContainer } from '../../mapped-container.ts';
import { type FoundParent, findParent } from '../../parent.ts';
import { readVhdxHeader, readVhdxRegions } from './header.ts';
import { VhdxLayer } from './layer.ts';
import { replayLog } from './log.ts';
import { readVhdxMetadata, type VhdxMetadata } from './metadata.ts';

export const vhdx: ContainerFormat = {
  id: 'vhdx',
  title: 'Hyper-V disk, version 2',
  spec: 'Microsoft, [MS-VHDX]',
  recognise: (source) => new Reader(source).has(0, 'vhdxfile'),
  open: openVhdx,
};

function openVhdx(image: ImageFile, siblings: Siblings): Container {
  const header = readVhdxHeader(new Reader(image.source));
  const { source, notices } = replayLog(image.source, header);
  const reader = new Reader(source);
  const regions = readVhdxRegions(reader);
  const metadata = readVhdxMetadata(reader, regions.metadata);
  return new MappedContainer({
    id: vhdx.id,
    title: vhdx.title,
    files: [{ path: image.path, source }],
    layer: new VhdxLayer(source, regions.blocks, metadata),
    parent: findVhdxParent(metadata, siblings),
    sectorSize: metadata.sector,
    facts: new Map([
      ['type', metadata.parent === null ? 'dynamic or fixed' : 'differencing'],
      ['block size', `${metadata.block} bytes`],
      ['logical sector size', `${metadata.sector} bytes`],
      ['data write GUID', header.dataWriteGuid],
    ]),
    notices,
    protection: null,
  });
}

/** A parent is the right one if its data weren't written since the child was made ([MS-VHDX] §2.6.2.6.3). */
function findVhdxParent({ parent }: VhdxMetadata, siblings: Siblings): FoundParent | null {
  if (parent === null) return null;
  const paths = ['relative_path', 'volume_path', 'absolute_win32_path'].flatMap(
    (key) => parent.get(key) ?? [],
  );
  const found = findParent(siblings, paths);
  const linkage = ['parent_linkage', 'parent_linkage2'].flatMap((key) => parent.get(key) ?? []);
  const wanted = linkage.map((guid) => guid.replace(/[{}]/g, '').toLowerCase());
  const actual = found.container?.facts.get('data write GUID');
  if (found.container === null || (actual !== undefined && wanted.includes(actual))) return found;
  const text = `the parent image was written since this one was made (${actual}, not ${wanted[0]}): contents may be wrong`;
  return { ...found, notices: [...found.notices, { level: 'wrong', text }] };
}
