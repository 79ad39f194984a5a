import { Broken } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import { inflateZlib } from '../../checks/zlib-stream.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { isZeroFilled } from '../tail.ts';
import { type Table, verifyTable } from './chunks.ts';
import { EWF_DESCRIPTOR, EWF_HEADER, type EwfSection, readEwfSection } from './section.ts';
import { expectAdler } from './sum.ts';

export const ewf: Format = {
  id: 'e01',
  title: 'EnCase and SMART image',
  extensions: ['e01', 's01'],
  signatures: [{ at: 0, hex: '455646090d0aff00' }],
  spec: 'libewf, Expert Witness Compression Format',
  proof: 'Adler-32 of every section and chunk',
  texture: 'dense',
  verify(reader: Reader, ledger: Ledger): void {
    reader.expect(0, 'EVF', 'header of a segment');
    reader.bytes(0, EWF_HEADER, 'header of a segment');
    ledger.account(0, 9, 'structure', 'header of a segment');
    if (reader.u16le(11, 'header of a segment') === 0)
      ledger.account(9, EWF_HEADER, 'structure', 'number of the segment', 4);
    let sectors: Range | null = null;
    for (let at = EWF_HEADER; ; ) {
      reader.meter.step();
      const section = readEwfSection(reader, at);
      ledger.account(at, at + EWF_DESCRIPTOR, 'checksum', 'Adler-32 of a section header', 2);
      if (section.type === 'sectors') sectors = section;
      else verifySection(reader, ledger, section, sectors);
      if (section.isLast) {
        if (section.end < reader.size) ledger.trailing(section.end, reader.size);
        return;
      }
      at = section.end;
    }
  },
};

/** Sections whose data end with their own sum. */
const summed = new Set(['volume', 'disk', 'data', 'hash', 'digest']);

function verifySection(reader: Reader, ledger: Ledger, section: EwfSection, sectors: Range | null): void {
  const { type, start, end } = section;
  if (end - start < 5) return;
  try {
    if (type === 'header' || type === 'header2') verifyText(reader, ledger, section);
    else if (type === 'table' || type === 'table2') {
      const table: Table = { start, end, chunks: type === 'table' ? sectors : null };
      verifyTable(reader, ledger, table);
    } else if (summed.has(type)) {
      expectAdler(reader, start, end - 4);
      ledger.account(start, end, 'checksum', `Adler-32 of section ${type}`, 2);
    } else ledger.raw(start, end, `section ${type}`);
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    ledger.broken(error, end);
  }
}

function verifyText(reader: Reader, ledger: Ledger, { start, end }: Range): void {
  const { consumed } = inflateZlib(reader, start, end, () => {});
  ledger.account(start, start + consumed, 'checksum', 'Adler-32 of the description');
  if (isZeroFilled(reader, start + consumed, end)) ledger.account(start + consumed, end, 'padding', 'zeros');
}
