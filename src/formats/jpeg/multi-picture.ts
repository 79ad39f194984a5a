import { Broken } from '../../bytes/errors.ts';
import { readIfd, tiffHeader } from '../tiff/ifd.ts';
import type { Segment } from './segment.ts';

const ENTRIES = 0xb002;
const ENTRY_SIZE = 16;

/** The index of further images behind this one (CIPA DC-007 section 5). */
export function accountMultiPicture({ reader, ledger, later, start, end }: Segment): void {
  const header = tiffHeader(reader, start);
  if (header === null) throw new Broken(start, 'MPF byte order');
  ledger.account(start, start + 8, 'structure', 'MPF header');
  const ifd = readIfd(reader, { ...header, limit: end }, start + header.first);
  ledger.account(ifd.start, ifd.end, 'structure', 'MPF index', 24);
  for (const problem of ifd.problems) throw problem;
  const list = ifd.entries.find(({ tag }) => tag === ENTRIES);
  if (list === undefined) return;
  for (let at = list.at; at + ENTRY_SIZE <= list.at + list.size; at += ENTRY_SIZE) {
    reader.meter.step();
    const [size, offset] = [header.u32(at + 4), header.u32(at + 8)];
    if (offset !== 0) later.announced.push({ start: start + offset, end: start + offset + size });
  }
  ledger.account(list.at, list.at + list.size, 'structure', 'MPF entries', 16);
  for (const { at, size, tag } of ifd.entries)
    if (tag !== ENTRIES && size > 4) ledger.raw(at, at + size, 'MPF value');
}
