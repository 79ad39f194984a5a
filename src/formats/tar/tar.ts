import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context, Format } from '../format.ts';
import { BLOCK, isHeader } from './header.ts';
import { TarWalk } from './walk.ts';

export const tar: Format = {
  id: 'tar',
  title: 'tar archive',
  extensions: ['tar', 'gem', 'ova', 'ustar'],
  signatures: [
    { at: 257, hex: '7573746172003030', mask: 'fffffffffffff8f8' },
    { at: 257, hex: '7573746172202000' },
  ],
  spec: 'POSIX.1-2017 pax, ustar Interchange Format and pax Extended Header; GNU tar manual, Basic Tar Format',
  proof:
    'headers by grammar and sum, members by what they prove themselves, padding by zeros; members of unknown type stay unproved',
  texture: 'packed',
  recognise: (head) => head.length >= BLOCK && isHeader(head.subarray(0, BLOCK)),
  verify(reader: Reader, ledger: Ledger, context: Context): void {
    new TarWalk(reader, ledger, context).walk();
  },
};
