import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { accountGaps } from '../gaps.ts';
import { accountTail } from '../tail.ts';

const HEADER = 128;
const PALETTE = 769;

export const pcx: Format = {
  id: 'pcx',
  title: 'PC Paintbrush image',
  extensions: ['pcx', 'pcc'],
  signatures: [{ at: 0, hex: `0a0001${'00'.repeat(62)}`, mask: `fff8fff0${'00'.repeat(60)}ff` }],
  spec: 'ZSoft PCX File Format Technical Reference Manual, revision 5',
  proof: 'header, runs that make exactly the rows; values by contrast',
  texture: 'plain',
  recognise: isHeader,
  verify(reader: Reader, ledger: Ledger): void {
    if (!isHeader(reader.copy(0, Math.min(HEADER, reader.size))))
      throw new Broken(0, 'header', 'fields in range', 'others');
    const rows = reader.u16le(10) - reader.u16le(6) + 1;
    const row = reader.u8(65) * reader.u16le(66);
    const end = reader.u8(2) === 1 ? walkRuns(reader, rows * row) : HEADER + rows * row;
    ledger.account(0, 12, 'structure', 'header', 12);
    ledger.raw(12, 64, 'resolution and colours');
    ledger.account(64, 70, 'structure', 'header', 12);
    accountGaps(reader, ledger, [], { start: 70, end: HEADER }, 'unused header');
    ledger.raw(HEADER, end, 'runs of pixels');
    accountPalette(reader, ledger, end);
  },
};

function isHeader(head: Uint8Array): boolean {
  if (head.length < 70 || head[0] !== 10 || head[1]! > 5 || head[2]! > 1) return false;
  const word = (at: number) => head[at]! | (head[at + 1]! << 8);
  const isDepth = [1, 2, 4, 8, 24].includes(head[3]!) && head[64] === 0 && head[65]! >= 1 && head[65]! <= 4;
  return (
    isDepth && word(8) >= word(4) && word(10) >= word(6) && word(66) * 8 * head[65]! >= word(8) - word(4) + 1
  );
}

/** Bytes from C0 on tell how often the next one stands. Runs may lead across rows, not beyond the last. */
function walkRuns(reader: Reader, total: number): number {
  let at = HEADER;
  for (let made = 0; made < total; ) {
    reader.meter.step();
    const code = reader.u8(at, 'run of pixels');
    made += code >= 0xc0 ? code & 63 : 1;
    at += code >= 0xc0 ? 2 : 1;
    if (made > total) throw new Broken(at, 'pixels', total, made);
  }
  return Math.min(at, reader.size);
}

function accountPalette(reader: Reader, ledger: Ledger, end: number): void {
  const at = reader.size - PALETTE;
  if (at < end || reader.u8(at) !== 12) {
    accountTail(reader, ledger, end);
    return;
  }
  accountGaps(reader, ledger, [], { start: end, end: at });
  ledger.account(at, at + 1, 'structure', 'mark of the palette');
  ledger.raw(at + 1, reader.size, 'palette');
}
