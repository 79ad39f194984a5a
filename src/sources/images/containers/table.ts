import type { ContainerFormat } from '../container.ts';
import { ewf } from './ewf/ewf.ts';
import { qcow2 } from './qcow2/qcow2.ts';
import { flat, raw } from './raw.ts';
import { splitRaw } from './split-raw.ts';
import { vdi } from './vdi.ts';
import { vhd } from './vhd/vhd.ts';
import { vhdx } from './vhdx/vhdx.ts';
import { vmdk } from './vmdk/vmdk.ts';

/**
 * All containers, in the order in which they are tried: the flat extent of a VMware disk by its name, as a guest may write
 * any other's magic number into its first sector; those with a magic number at the start first, then those
 * that are known by the end or by the name, as a disk's own sectors stand at their start; raw, which anything is, last.
 */
export const containerFormats: readonly ContainerFormat[] = [
  flat,
  ewf,
  qcow2,
  vmdk,
  vhdx,
  vdi,
  vhd,
  splitRaw,
  raw,
];
