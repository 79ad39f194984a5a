import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { verifyTagged } from './stata-tagged.ts';

const TAGGED = '<stata_dta><header>';
const LABEL_HEADER = 40;

export const stata: Format = {
  id: 'stata',
  title: 'Stata dataset',
  extensions: ['dta'],
  signatures: [
    { at: 0, hex: '3c73746174615f6474613e3c6865616465723e' },
    ...['71', '72', '73'].flatMap((version) =>
      ['01', '02'].map((order) => ({ at: 0, hex: `${version}${order}0100` })),
    ),
  ],
  spec: 'Stata manual, dta file format, versions 113 to 119',
  proof:
    'lengths of all parts add up to the file, or tags stand where the map says; types, rows and labels by contrast',
  texture: 'plain',
  verify(reader: Reader, ledger: Ledger): void {
    if (reader.has(0, TAGGED)) verifyTagged(reader, ledger);
    else verifyOld(reader, ledger);
  },
};

/** Versions 113 to 115: header, descriptors, labels of variables, expansion fields, rows, labels of values. */
function verifyOld(reader: Reader, ledger: Ledger): void {
  const isLittle = reader.u8(1, 'byte order') === 2;
  const u16 = (at: number) => (isLittle ? reader.u16le(at) : reader.u16be(at));
  const u32 = (at: number) => (isLittle ? reader.u32le(at) : reader.u32be(at));
  const variables = u16(4);
  const rows = u32(6);
  const formatLength = reader.u8(0) === 0x71 ? 12 : 49;
  const types = 109;
  const expansion = types + variables * (1 + 33 + formatLength + 33 + 81) + 2 * (variables + 1);
  const width = rowWidth(reader, types, variables);
  let at = expansion;
  for (let isLast = false; !isLast; ) {
    reader.meter.step();
    const type = reader.u8(at, 'expansion field');
    const length = u32(at + 1);
    isLast = type === 0 && length === 0;
    if (type > 1) throw new Broken(at, 'type of an expansion field', '0 or 1', type);
    at += 5 + length;
  }
  const labels = at + rows * width;
  if (labels > reader.size) throw new Truncated(reader.size, 'rows', labels - reader.size);
  ledger.account(0, 10, 'structure', 'header', 10);
  ledger.raw(10, types, 'label and time');
  ledger.account(types, types + variables, 'structure', 'types', 16);
  ledger.raw(types + variables, expansion, 'descriptors');
  ledger.raw(expansion, at, 'expansion fields');
  ledger.raw(at, labels, 'rows');
  for (at = labels; at < reader.size; ) {
    reader.meter.step();
    const end = at + LABEL_HEADER + u32(at);
    if (end > reader.size) throw new Truncated(reader.size, 'labels of values', end - reader.size);
    ledger.account(at, at + 4, 'structure', 'length of labels');
    ledger.raw(at + 4, end, 'labels of values');
    at = end;
  }
}

const numberWidths: Readonly<Record<number, number>> = { 251: 1, 252: 2, 253: 4, 254: 4, 255: 8 };
const LONGEST_TEXT = 244;

function rowWidth(reader: Reader, types: number, variables: number): number {
  let width = 0;
  for (let i = 0; i < variables; i++) {
    const type = reader.u8(types + i, 'type of a variable');
    const taken = type <= LONGEST_TEXT ? type : numberWidths[type];
    if (taken === undefined) throw new Broken(types + i, 'type of a variable', '1 to 244, 251 to 255', type);
    width += taken;
  }
  return width;
}
