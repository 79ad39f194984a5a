import type { Range } from '../../../../bytes/range.ts';
import type { Reader } from '../../../../bytes/reader.ts';
import { inflateZlib } from '../../../../checks/zlib-stream.ts';
import type { EwfSection } from '../../../../formats/ewf/section.ts';
import { expectAdler } from '../../../../formats/ewf/sum.ts';
import type { StoredHash } from '../../container.ts';

const MOST_TEXT = 1 << 20;
/** Columns of the description that an examiner asks for. */
const columns: Readonly<Record<string, string>> = {
  c: 'case number',
  n: 'evidence number',
  a: 'description',
  e: 'examiner',
  t: 'notes',
  av: 'acquired with',
  ov: 'operating system',
};

/** What the section `header` or `header2` says of the acquisition. @throws Broken */
export function readAcquisition(reader: Reader, section: EwfSection): Map<string, string> {
  const parts: Buffer[] = [];
  let length = 0;
  inflateZlib(reader, section.start, section.end, (piece) => {
    parts.push(Buffer.from(piece));
    length += piece.length;
    return length < MOST_TEXT;
  });
  const bytes = Buffer.concat(parts);
  const isWide = section.type === 'header2';
  return parseTable(isWide ? bytes.toString('utf16le').replace(/^\ufeff/, '') : bytes.toString('latin1'));
}

/** A line of columns' names and one of values, separated by tabs, behind the word `main`. */
function parseTable(text: string): Map<string, string> {
  const lines = text.split(/\r?\n/);
  const main = lines.indexOf('main');
  const facts = new Map<string, string>();
  if (main < 0) return facts;
  const values = lines[main + 2]?.split('\t') ?? [];
  for (const [i, name] of (lines[main + 1] ?? '').split('\t').entries()) {
    const value = values[i]?.trim() ?? '';
    if (name in columns && value !== '') facts.set(columns[name]!, value);
  }
  return facts;
}

/** Section `hash`: MD5; `digest`: MD5 and SHA-1. Hashes that weren't taken are zeros. @throws Broken */
export function readHashes(reader: Reader, section: Range & { readonly type: string }): StoredHash[] {
  expectAdler(reader, section.start, section.end - 4);
  const md5 = Buffer.from(reader.bytes(section.start, 16)).toString('hex');
  const hashes: StoredHash[] = [{ algorithm: 'md5', hex: md5 }];
  if (section.type === 'digest') {
    hashes.push({
      algorithm: 'sha1',
      hex: Buffer.from(reader.bytes(section.start + 16, 20)).toString('hex'),
    });
  }
  return hashes.filter(({ hex }) => !/^0+$/.test(hex));
}
