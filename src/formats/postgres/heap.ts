import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import { pageChecksum, pageSum } from '../../checks/pg-checksum.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context, Format } from '../format.ts';
import { isZero, type Page, walkPages } from '../pages.ts';
import { SLACK_FLOOR } from '../slack.ts';
import { hasFreeSpaceTree, hasVisibilityBits } from './forks.ts';
import { brokenPage, hasLinePointers, PAGE_HEADER, type PageLayout, readPageLayout } from './page.ts';

/** A relation is cut into files of 1 GiB; only the name says which of them this is. */
const SEGMENT = 2 ** 30;

export const pgHeap: Format = {
  id: 'pg-heap',
  title: 'PostgreSQL table or index',
  extensions: [],
  signatures: [{ at: 10, hex: '00000000000000000420', mask: 'f8ff00c000c000c0ffff' }],
  spec: 'PostgreSQL documentation, Database Page Layout; storage/bufpage.h, checksum_impl.h',
  proof:
    'header and line pointers of each page agree, free room is zero, 16-bit checksums hold where they are on; rows stay raw',
  texture: 'plain',
  recognise(head: Uint8Array, size: number): boolean {
    const layout = readPageLayout(new DataView(head.buffer, head.byteOffset, head.byteLength));
    return layout !== null && size >= layout.size && isKnownSize(layout, size);
  },
  verify(reader: Reader, ledger: Ledger, context: Context): void {
    const head = reader.bytes(0, PAGE_HEADER, 'page header');
    const layout = readPageLayout(new DataView(head.buffer, head.byteOffset, PAGE_HEADER));
    if (layout === null) throw new Broken(0, 'page header', 'size and version', 'others');
    const segment = Number(/\.(\d{1,6})$/.exec(context.name)?.[1] ?? 0);
    const firstBlocks = new Set([0, segment * (SEGMENT / layout.size)]);
    walkPages(reader, ledger, layout.size, (page) => accountPage(ledger, page, layout.size, firstBlocks));
  },
};

/** Files that were cut may end anywhere, but by chance few files begin with a page. */
function isKnownSize({ size: page }: PageLayout, size: number): boolean {
  return size % page === 0 || size > 16 * page;
}

function accountPage(ledger: Ledger, page: Page, size: number, firstBlocks: ReadonlySet<number>): void {
  const layout = readPageLayout(page.view);
  if (layout === null || layout.size !== size) throw brokenPage(page);
  if (layout.checksum !== 0) compareChecksum(page, layout.checksum, firstBlocks);
  const { at } = page;
  const isHeap = layout.special === size;
  const isEmpty = layout.lower === PAGE_HEADER && layout.upper === size;
  const hasPointers = hasLinePointers(page, layout);
  if (isHeap && !hasPointers) throw new Broken(at + PAGE_HEADER, 'line pointers', 'tuples apart', 'others');
  ledger.account(at + 10, at + 20, 'structure', 'page header');
  if (isEmpty && !isZero(page.bytes, PAGE_HEADER, size)) {
    accountFork(ledger, page);
    return;
  }
  if (hasPointers) ledger.account(at + PAGE_HEADER, at + layout.lower, 'structure', 'line pointers', 16);
  else ledger.raw(at + PAGE_HEADER, at + layout.lower, 'index data');
  accountHole(ledger, page, layout);
  ledger.raw(at + layout.upper, at + size, 'rows');
}

/** 16 bits are too few for a claim: one overwrite of 65,535 passes. A contradiction stands all the same. */
function compareChecksum({ view, at, number }: Page, stored: number, firstBlocks: ReadonlySet<number>): void {
  const sum = pageSum(view);
  const fits = [...firstBlocks].some((first) => pageChecksum(sum, first + number) === stored);
  if (!fits) throw new Broken(at + 8, 'page checksum', stored, pageChecksum(sum, number));
}

/** Rows that moved leave traces in the room between line pointers and rows. */
function accountHole(ledger: Ledger, { at, bytes }: Page, { lower, upper }: PageLayout): void {
  if (isZero(bytes, lower, upper))
    ledger.account(at + lower, at + upper, 'padding', 'free room', SLACK_FLOOR);
  else ledger.raw(at + lower, at + upper, 'free room with traces');
}

/** Maps of free space and of visibility have the page header only, and no lines. */
function accountFork(ledger: Ledger, page: Page): void {
  const { at, bytes } = page;
  const end = at + bytes.length;
  // The largest value stands in every node above it: zeros that stand in its place contradict those.
  if (hasFreeSpaceTree(page)) ledger.account(at + PAGE_HEADER, end, 'padding', 'tree of free space', 16);
  else if (hasVisibilityBits(page)) ledger.account(at + PAGE_HEADER, end, 'structure', 'visibility map', 16);
  else ledger.raw(at + PAGE_HEADER, end, 'map');
}
