import { Broken } from '../../bytes/errors.ts';
import type { Part } from './part.ts';

const HEADER = 8;
const PAGE = 4096;

/** Blocks of base relocations (PE Format, "The .reloc Section"): ascending pages, each with entries of known types. */
export function accountRelocations({ reader, ledger, start, end }: Part): void {
  let at = start;
  let before = -1;
  while (at + HEADER <= end) {
    reader.meter.step();
    const page = reader.u32le(at);
    const size = reader.u32le(at + 4);
    if (size === 0) break;
    if (size < HEADER || size % 2 !== 0 || at + size > end)
      throw new Broken(at + 4, 'size of a relocation block', `8 to ${end - at}`, size);
    if (page % PAGE !== 0 || page < before)
      throw new Broken(at, 'page of relocations', `a page from ${before}`, page);
    checkTypes(reader.bytes(at + HEADER, size - HEADER, 'relocations'), at + HEADER);
    before = page;
    at += size;
  }
  ledger.account(start, at, 'structure', 'base relocations', 24);
}

/** The four highest bits are the type: absolute (padding), 32-bit, 64-bit; ARM and RISC-V use 5, 7 and 8 too. */
function checkTypes(entries: Uint8Array, at: number): void {
  for (let i = 1; i < entries.length; i += 2) {
    const type = entries[i]! >> 4;
    if (type !== 0 && type !== 3 && type !== 10 && type !== 5 && type !== 7 && type !== 8) {
      throw new Broken(at + i - 1, 'type of a relocation', '0, 3, 5, 7, 8 or 10', type);
    }
  }
}
