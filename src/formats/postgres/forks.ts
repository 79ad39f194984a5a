import type { Page } from '../pages.ts';
import { PAGE_HEADER } from './page.ts';

/** Behind the header and the next slot to look at: the nodes, one byte each (storage/fsm_internals.h). */
const NODES = PAGE_HEADER + 4;

/** In a map of free space each node has the larger value of the two below it. */
export function hasFreeSpaceTree({ bytes }: Page): boolean {
  const nodes = bytes.subarray(NODES);
  const inner = bytes.length / 2 - 1;
  for (let i = 0; i < inner; i++) {
    if (nodes[i] !== Math.max(nodes[2 * i + 1] ?? 0, nodes[2 * i + 2] ?? 0)) return false;
  }
  return true;
}

/** Two bits for each page of the table: visible to all, and frozen, which implies visible (access/visibilitymapdefs.h). */
export function hasVisibilityBits({ bytes }: Page): boolean {
  for (let at = PAGE_HEADER; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if ((byte & 0xaa & ~((byte << 1) & 0xaa)) !== 0) return false;
  }
  return true;
}
