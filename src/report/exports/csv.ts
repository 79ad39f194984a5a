import { lengthOf } from '../../bytes/range.ts';
import type { FileLine } from '../line.ts';
import { schemeText } from '../scheme-text.ts';
import { printable } from '../text.ts';
import { type Export, timesOf } from './export.ts';

/** Columns: heading, and what stands in it. Adding one is adding a row. */
const columns: readonly (readonly [string, (line: FileLine) => string | number | null | undefined])[] = [
  ['path', ({ path }) => path.text],
  ['path_base64', ({ path }) => path.raw],
  ['size', ({ size }) => size],
  ['verdict', ({ verdict }) => verdict],
  ['restore', ({ restore }) => restore],
  ['format', ({ format }) => format],
  ['magic', ({ magic }) => magic],
  ['entropy', ({ entropy }) => entropy],
  ['floor', ({ floor }) => floor],
  ['encrypted_bytes', encryptedBytes],
  ['scheme', ({ scheme }) => (scheme === null ? null : schemeText(scheme))],
  ['family', ({ family }) => family],
  ['code', ({ reasons }) => reasons[0]?.code],
  ['reason', ({ reasons }) => reasons[0]?.text],
  ['modified', (line) => timesOf(line).modified],
  ['accessed', (line) => timesOf(line).accessed],
  ['changed', (line) => timesOf(line).changed],
  ['created', (line) => timesOf(line).created],
  ['image', ({ origin }) => origin?.image.text],
  ['volume', ({ origin }) => origin?.volume],
  ['file_system', ({ origin }) => origin?.fileSystem],
  ['inode', ({ origin }) => origin?.inode],
  ['deleted', ({ origin }) => (origin?.deleted ? 'yes' : null)],
  ['found_state', ({ origin }) => origin?.found?.state],
  ['found_naming', ({ origin }) => origin?.found?.naming],
  ['first_byte_of_disk', ({ extents }) => extents?.find(({ disk }) => disk !== undefined)?.disk],
  ['sha256', ({ sha256 }) => sha256],
];

/** Comma-separated values (RFC 4180), one file a row, times in ISO 8601, UTC. */
export const csv: Export = {
  begin: () => `${columns.map(([heading]) => heading).join(',')}\r\n`,
  file: (line) => `${columns.map(([, read]) => cell(read(line))).join(',')}\r\n`,
  end: () => '',
};

/**
 * A spreadsheet takes a cell that begins with one of these for a formula: a name from the evidence must not become one.
 * An apostrophe before it makes it text; the report itself has the name as it is.
 */
const FORMULA = /^[=+\-@]/;

function cell(value: string | number | null | undefined): string {
  if (typeof value === 'number') return String(value);
  if (value === null || value === undefined) return '';
  const text = printable(value);
  const inert = FORMULA.test(text) ? `'${text}` : text;
  return /[",]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}

function encryptedBytes({ ranges }: FileLine): number {
  return ranges
    .filter(({ state }) => state === 'encrypted')
    .reduce((total, range) => total + lengthOf(range), 0);
}
