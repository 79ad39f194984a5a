import { Broken } from '../../../../bytes/errors.ts';

export const SECTOR = 512;
const MOST_EXTENTS = 8192;
const NO_PARENT = 'ffffffff';

/** A line that says where some of the disk's sectors are. Sizes in bytes. */
export interface ExtentLine {
  readonly access: string;
  readonly size: number;
  /** `FLAT`, `SPARSE`, `ZERO`, `VMFS`, `VMFSSPARSE`, `SESPARSE`, … */
  readonly type: string;
  readonly name: string;
  /** Where a flat extent begins in its file. */
  readonly offset: number;
}

/** The text that describes a disk (VMware, Virtual Disk Format 5.0). */
export interface Descriptor {
  readonly createType: string;
  readonly cid: string;
  /** CID of the parent when the child was made; null where there's none. */
  readonly parentCid: string | null;
  readonly parentName: string;
  readonly extents: readonly ExtentLine[];
}

const EXTENT = /^\s*(RW|RDONLY|NOACCESS)\s+(\d+)\s+(\w+)(?:\s+"([^"]*)"(?:\s+(\d+))?)?/;
const PAIR = /^\s*([\w.]+)\s*=\s*"?([^"]*?)"?\s*$/;

export function isDescriptor(text: string): boolean {
  return /^\ufeff?\s*#\s*Disk DescriptorFile/i.test(text);
}

/** @throws Broken when it lists too many extents */
export function parseDescriptor(text: string): Descriptor {
  const pairs = new Map<string, string>();
  const extents: ExtentLine[] = [];
  for (const line of text.replace(/\0.*$/s, '').split(/\r?\n/)) {
    const extent = EXTENT.exec(line);
    const pair = PAIR.exec(line);
    if (extent !== null) extents.push(toExtent(extent));
    else if (pair !== null) pairs.set(pair[1]!.toLowerCase(), pair[2]!);
    if (extents.length > MOST_EXTENTS) throw new Broken(0, 'extents', `at most ${MOST_EXTENTS}`, 'more');
  }
  const parentCid = pairs.get('parentcid')?.toLowerCase() ?? NO_PARENT;
  return {
    createType: pairs.get('createtype') ?? 'unknown',
    cid: pairs.get('cid')?.toLowerCase() ?? '',
    parentCid: parentCid === NO_PARENT ? null : parentCid,
    parentName: pairs.get('parentfilenamehint') ?? '',
    extents,
  };
}

function toExtent([, access, sectors, type, name, offset]: RegExpExecArray): ExtentLine {
  return {
    access: access!,
    size: Number(sectors) * SECTOR,
    type: type!.toUpperCase(),
    name: name ?? '',
    offset: Number(offset ?? 0) * SECTOR,
  };
}
