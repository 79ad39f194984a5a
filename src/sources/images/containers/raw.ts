import type { ByteSource } from '../../../bytes/source.ts';
import type { Container, ContainerFormat, ImageFile, Piece } from '../container.ts';

/** What a GPT begins with, in the second sector (UEFI §5.3.2). */
const GPT = 'EFI PART';

/** The disk as it is, or a `-flat.vmdk`: whatever has no magic of its own. */
export const raw: ContainerFormat = {
  id: 'raw',
  title: 'Raw disk image',
  spec: 'none: sectors in order',
  recognise: () => true,
  open: openRaw,
};

/** A file that holds nothing but a disk's sectors, by the name that VMware gives it. */
export const flat: ContainerFormat = {
  ...raw,
  recognise: (_source, name) => /-(flat|rdmp?)\.vmdk$/i.test(name),
};

function openRaw({ path, source }: ImageFile): Container {
  return {
    id: 'raw',
    title: raw.title,
    files: [path],
    contents: source,
    sectorSize: probeSectorSize(source),
    facts: new Map(),
    notices: [],
    hashes: [],
    protection: null,
    *map(start: number, end: number): Iterable<Piece> {
      const last = Math.min(end, source.size);
      if (start < last) yield { kind: 'data', start, end: last, file: 0, at: start };
    },
    close: () => source.close(),
  };
}

/** A raw image doesn't say its sector size; the place of its GPT does. */
export function probeSectorSize(disk: ByteSource): 512 | 4096 {
  return hasText(disk, 4096, GPT) && !hasText(disk, 512, GPT) ? 4096 : 512;
}

function hasText(disk: ByteSource, at: number, text: string): boolean {
  const bytes = Buffer.alloc(text.length);
  return disk.read(bytes, at) === text.length && bytes.toString('latin1') === text;
}
