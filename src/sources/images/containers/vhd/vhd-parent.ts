import type { Reader } from '../../../../bytes/reader.ts';
import type { Siblings } from '../../container.ts';
import { type FoundParent, findParent } from '../../parent.ts';

/** Of the dynamic header: the parent's name, and places of further names. */
const NAME_AT = 64;
const NAME_LENGTH = 512;
const LOCATORS_AT = 576;
const LOCATOR = 24;
const LOCATORS = 8;
const MOST_PATH = 4096;
/** Platform codes of paths in UTF-16LE, relative and absolute. */
const WINDOWS = new Set(['W2ru', 'W2ku']);

/** The parent that the dynamic header at `at` names, and whether it's the one that it means. */
export function findVhdParent(reader: Reader, at: number, siblings: Siblings): FoundParent {
  const names = [...readLocators(reader, at), readName(reader, at)].filter((name) => name !== '');
  const found = findParent(siblings, names);
  const wanted = Buffer.from(reader.bytes(at + 40, 16)).toString('hex');
  const actual = found.container?.facts.get('UUID');
  if (found.container === null || actual === wanted) return found;
  const text = `the parent image has UUID ${actual ?? 'none'}, not ${wanted}: contents may be wrong`;
  return { ...found, notices: [...found.notices, { level: 'wrong', text }] };
}

function readName(reader: Reader, at: number): string {
  const bytes = Buffer.from(reader.bytes(at + NAME_AT, NAME_LENGTH));
  return bytes.swap16().toString('utf16le').replace(/\0.*$/s, '');
}

function readLocators(reader: Reader, header: number): string[] {
  const names: string[] = [];
  for (let i = 0; i < LOCATORS; i++) {
    const at = header + LOCATORS_AT + i * LOCATOR;
    if (!WINDOWS.has(reader.latin1(at, 4))) continue;
    const length = Math.min(reader.u32be(at + 8), MOST_PATH);
    const place = reader.u32be(at + 16) * 2 ** 32 + reader.u32be(at + 20);
    if (place + length > reader.size) continue;
    const bytes = Buffer.from(reader.bytes(place, length));
    names.push(bytes.toString('utf16le').replace(/\0.*$/s, ''));
  }
  return names;
}
