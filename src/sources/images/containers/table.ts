import type { ContainerFormat } from '../container.ts';
import { raw } from './raw.ts';
import { vdi } from './vdi.ts';
import { vhd } from './vhd/vhd.ts';
import { vhdx } from './vhdx/vhdx.ts';

/**
 * All containers, in the order in which they are tried: those with a magic number at the start first, then those
 * that are known by the end or by the name, as a disk's own sectors stand at their start; raw, which anything is, last.
 */
export const containerFormats: readonly ContainerFormat[] = [vhdx, vdi, vhd, raw];
