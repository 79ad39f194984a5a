import { describe, expect, it } from 'vitest';
import { Listing } from '../../../src/scan/images/listing.ts';
import type { Path } from '../../../src/sources/folders/path.ts';
import type { Entry } from '../../../src/sources/images/file-system.ts';

function entry(path: string, more: Partial<Entry> = {}): Entry {
  return {
    path: path as Path,
    kind: 'file',
    size: 1,
    id: 1,
    links: 1,
    times: { modified: null, accessed: null, changed: null, created: null },
    allocated: true,
    metadata: [],
    unreadable: null,
    protection: null,
    extents: () => [],
    open: () => {
      throw new Error('no contents');
    },
    ...more,
  };
}

function listingOf(...entries: Entry[]): { listing: Listing<Entry>; begun: () => number } {
  let begun = 0;
  const listing = new Listing(() => {
    begun++;
    return entries;
  });
  return { listing, begun: () => begun };
}

const noBeat = () => {};

function take(listing: Listing<Entry>, from: number, count: number): [number, string, string | null][] {
  const taken: [number, string, string | null][] = [];
  for (const { number, entry: found, earlier } of listing.from(from, noBeat)) {
    taken.push([number, found.path, earlier]);
    if (taken.length === count) break;
  }
  return taken;
}

describe('a listing', () => {
  const names = ['a', 'b', 'c', 'd', 'e'];

  it('goes on where it stands, and begins anew only to go back', () => {
    const { listing, begun } = listingOf(...names.map((name) => entry(name)));
    expect(take(listing, 0, 2).map(([number]) => number)).toEqual([0, 1]);
    expect(take(listing, 2, 1)).toEqual([[2, 'c', null]]);
    expect(take(listing, 4, 9)).toEqual([[4, 'e', null]]);
    expect(begun()).toBe(1);
    expect(take(listing, 1, 1)).toEqual([[1, 'b', null]]);
    expect(begun()).toBe(2);
  });

  it('gives a sign of life for entries that are passed over', () => {
    let beats = 0;
    const { listing } = listingOf(...names.map((name) => entry(name)));
    for (const _ of listing.from(4, () => beats++));
    expect(beats).toBe(5);
  });

  it('knows further names of a content, wherever a batch begins', () => {
    const linked = { id: 7, links: 2 };
    const { listing } = listingOf(entry('first', linked), entry('x'), entry('second', linked));
    expect(take(listing, 2, 1)).toEqual([[2, 'second', 'first']]);
    expect(take(listing, 0, 1)).toEqual([[0, 'first', null]]);
    expect(take(listing, 2, 1)).toEqual([[2, 'second', 'first']]);
  });

  it('takes a stream of a linked file for no further name of it', () => {
    const linked = { id: 7, links: 2 };
    const { listing } = listingOf(entry('first', linked), entry('first:stream', linked));
    expect(take(listing, 0, 9).map(([, , earlier]) => earlier)).toEqual([null, null]);
  });
});
