import type { Reader } from '../../bytes/reader.ts';
import { crc16 } from '../../checks/crc16.ts';
import type { Decoder } from '../../checks/decoder.ts';
import { lzh } from '../../checks/lzh.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context, Format } from '../format.ts';
import { accountSummed } from '../summed-content.ts';
import { accountTail } from '../tail.ts';
import { type LhaHeader, readHeader } from './header.ts';

/** What the files are packed by; null for those that stand there as they are. */
const decoders: Readonly<Record<string, Decoder | null>> = {
  '-lh0-': null,
  '-lz4-': null,
  '-lh4-': lzh('lh4'),
  '-lh5-': lzh('lh5'),
  '-lh6-': lzh('lh6'),
  '-lh7-': lzh('lh7'),
};
const FOLDER = '-lhd-';

export const lha: Format = {
  id: 'lha',
  title: 'LHA archive',
  extensions: ['lha', 'lzh', 'lzs'],
  signatures: [
    { at: 2, hex: '2d6c68002d', mask: 'ffffff00ff' },
    { at: 2, hex: '2d6c7a002d', mask: 'ffffff00ff' },
    { at: 2, hex: '2d706d002d', mask: 'ffffff00ff' },
  ],
  spec: 'LHa for UNIX, header.doc; H. Okumura, ar002',
  proof: 'CRC-16 and length of unpacked files (-lh0-, -lh4- to -lh7-), sums of headers; others stay unproved',
  texture: 'dense',
  verify(reader, ledger, context): void {
    let at = 0;
    while (at < reader.size) {
      reader.meter.step();
      if (hasLevel3(reader, at)) {
        ledger.unexamined(at, reader.size, 'LHA headers of level 3');
        return;
      }
      const header = readHeader(reader, at);
      if (header === null) {
        ledger.account(at, at + 1, 'structure', 'end of the archive');
        accountTail(reader, ledger, at + 1);
        return;
      }
      accountFile(reader, ledger, context, header);
      at = header.end + header.packedSize;
    }
    // Some writers leave the mark of the end away.
    ledger.oddity(reader.size, 'no mark of the end');
  },
};

/** Specified, but written by hardly any program. */
function hasLevel3(reader: Reader, at: number): boolean {
  return reader.has(at, [4, 0, 0x2d]) && reader.has(at + 20, [3]);
}

/** CRC-16 lets 2⁻¹⁶ pass; that data cut anew come out at the very length and end, less than 1 in 64. */
const sum = { title: 'CRC-16', floor: 64, add: crc16 };

function accountFile(reader: Reader, ledger: Ledger, context: Context, header: LhaHeader): void {
  const { start, end, method, name, size, packedSize, isSummed } = header;
  const by = isSummed ? 'CRC-16 of a header' : 'header';
  // Whatever is longer than the header overwrites the next, or data.
  ledger.account(start, end, 'structure', by, end - start);
  if (method === FOLDER || packedSize === 0) return;
  const content = { start: end, end: end + packedSize, name, size, stored: header.sum, sum };
  const decoder = decoders[method];
  if (decoder !== undefined) {
    accountSummed(reader, ledger, context, { ...content, decoder });
    return;
  }
  const dataEnd = Math.min(content.end, reader.size);
  ledger.coded(end, dataEnd, 'data of a file');
  ledger.unexamined(end, dataEnd, `packed by LHA, ${method}: ${name}`);
}
