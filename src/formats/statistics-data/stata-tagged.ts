import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';

/** In the order of the map, which gives the place of each, then the end of the file. */
const sections = [
  'stata_dta',
  'map',
  'variable_types',
  'varnames',
  'sortlist',
  'formats',
  'value_label_names',
  'variable_labels',
  'characteristics',
  'data',
  'strls',
  'value_labels',
] as const;
const END = '</stata_dta>';
/** The map follows the header, which has a label of up to 320 characters in UTF-8. */
const MOST_HEADER = 2048;

/** Versions 117 to 119: tags as in XML, with a map of their places. */
export function verifyTagged(reader: Reader, ledger: Ledger): void {
  const header = reader.latin1(0, Math.min(MOST_HEADER, reader.size), 'header');
  const order = /<byteorder>(LSF|MSF)<\/byteorder>/.exec(header)?.[1];
  const mapAt = header.indexOf('</header><map>') + '</header>'.length;
  if (order === undefined || mapAt < 20) throw new Broken(0, 'header', 'byte order and map', 'neither');
  const values = mapAt + '<map>'.length;
  const places = sections.map((_, i) => readPlace(reader, values + 8 * i, order === 'LSF'));
  const end = readPlace(reader, values + 8 * (sections.length + 1), order === 'LSF');
  if (end > reader.size) throw new Truncated(reader.size, 'dataset', end - reader.size);
  ledger.account(0, values, 'structure', 'header', 64);
  ledger.account(values, values + 8 * (sections.length + 2), 'structure', 'map', 8);
  places.forEach((at, i) => {
    // ReadStat leaves the labels of variables out of its map.
    if (i < 2 || at === 0) return;
    const next = places.slice(i + 1).find((place) => place > 0) ?? end - END.length;
    accountSection(reader, ledger, {
      start: at,
      end: next,
      name: sections[i]!,
      isWhole: places[i + 1] !== 0,
    });
  });
  reader.expect(end - END.length, END, 'end of the dataset');
  ledger.account(end - END.length, end, 'structure', 'tags');
  reader.expect(values + 8 * (sections.length + 2), '</map>', 'end of the map');
  ledger.account(values + 8 * (sections.length + 2), places[2]!, 'structure', 'tags');
  if (end < reader.size) ledger.trailing(end, reader.size);
}

interface Section extends Range {
  readonly name: string;
  /** False where another section follows that the map leaves out. */
  readonly isWhole: boolean;
}

function accountSection(reader: Reader, ledger: Ledger, { start, end, name, isWhole }: Section): void {
  const opening = `<${name}>`;
  const closing = isWhole ? `</${name}>` : '';
  reader.expect(start, opening, `tag of ${name}`);
  const first = start + opening.length;
  const last = end - closing.length;
  if (last < first) throw new Broken(start, 'order of the map', `after ${start}`, end);
  reader.expect(last, closing, `end of ${name}`);
  ledger.account(start, first, 'structure', 'tags');
  ledger.raw(first, last, name);
  ledger.account(last, end, 'structure', 'tags');
}

function readPlace(reader: Reader, at: number, isLittle: boolean): number {
  return isLittle ? reader.u64le(at, 'map') : reader.u64be(at, 'map');
}
