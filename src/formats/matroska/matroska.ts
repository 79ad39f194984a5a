import { Broken, Truncated } from '../../bytes/errors.ts';
import { crc32 } from '../../checks/crc32.ts';
import type { Format } from '../format.ts';
import { accountTextOrRaw } from '../short-text.ts';
import { accountSlack } from '../slack.ts';
import { examineStored, type Place } from '../stored.ts';
import { accountTail } from '../tail.ts';
import { accountBlock } from './block.ts';
import { type Element, readElement } from './ebml.ts';
import { kinds } from './elements.ts';

const CLUSTER = 0x1f43b675;
const SEGMENT = 0x18538067;
const DEEPEST = 16;

export const matroska: Format = {
  id: 'matroska',
  title: 'Matroska and WebM',
  extensions: ['mkv', 'mka', 'mks', 'mk3d', 'webm', 'weba'],
  signatures: [{ at: 0, hex: '1a45dfa3' }],
  spec: 'RFC 9559; RFC 8794 (EBML)',
  proof:
    'elements tile the file, CRC-32 where the writer put it; what the coders made stays unproved elsewhere',
  texture: 'dense',
  verify(reader, ledger, context): void {
    const end = walk({ reader, ledger, context, start: 0, end: reader.size });
    accountTail(reader, ledger, end);
  },
};

interface Open {
  readonly id: number;
  readonly end: number;
}

/** Visits all elements; gives where the last one of the file's own ends. */
function walk(place: Place): number {
  const { reader, ledger } = place;
  const parents: Open[] = [];
  let at = place.start;
  while (at < place.end) {
    reader.meter.step();
    while (parents.length > 0 && at >= parents.at(-1)!.end) parents.pop();
    const limit = Math.min(parents.at(-1)?.end ?? place.end, place.end);
    const element = next(place, parents, at, limit);
    if (element === null) {
      if (parents.length === 0) return at;
      at = Math.min(parents.pop()!.end, place.end);
      continue;
    }
    closeUnknown(parents, element.id);
    ledger.account(element.start, element.body, 'structure', 'element header', 8);
    const end = Math.min(element.end, limit);
    if (kinds.get(element.id) === 'master' && parents.length < DEEPEST) {
      parents.push({ id: element.id, end: element.end });
      at = element.body;
      checkSum(place, element, end);
    } else {
      accountElement({ ...place, start: element.body, end }, element.id);
      at = end;
    }
  }
  return at;
}

/** Reads an element that must end inside its parent; null where it doesn't, which is noted. */
function next(place: Place, parents: readonly Open[], at: number, limit: number): Element | null {
  const { reader, ledger } = place;
  try {
    const element = readElement(reader, at, limit);
    if (parents.length === 0 && element.id !== SEGMENT && !kinds.has(element.id)) return null;
    const isOpen = element.end === Number.POSITIVE_INFINITY;
    if (isOpen && element.id !== SEGMENT && element.id !== CLUSTER)
      throw new Broken(at, 'element size', 'known', 'unknown');
    if (!isOpen && element.end > limit) {
      if (limit < reader.size)
        throw new Broken(at, 'element size', `at most ${limit - element.body}`, element.end - element.body);
      ledger.broken(new Truncated(limit, 'element', element.end - limit));
    }
    return element;
  } catch (error) {
    if (!(error instanceof Broken) || parents.length === 0) {
      if (at === 0) throw error;
      if (error instanceof Broken) return null;
      throw error;
    }
    ledger.broken(error, limit);
    return null;
  }
}

/** A cluster of unknown size ends where the next element of its own level begins (RFC 8794 section 6.2). */
function closeUnknown(parents: Open[], id: number): void {
  const isTop = id > 0x0fffffff && id !== 0x1a45dfa3;
  while (isTop && parents.at(-1)?.end === Number.POSITIVE_INFINITY && parents.at(-1)?.id === CLUSTER)
    parents.pop();
}

/** Section 11.3.1: a CRC-32 stands first, little-endian, over all that follows it in its parent. */
function checkSum({ reader, ledger }: Place, element: Element, end: number): void {
  const at = element.body;
  if (element.end === Number.POSITIVE_INFINITY || !reader.has(at, [0xbf, 0x84]) || at + 6 > end) return;
  let sum = 0;
  for (const part of reader.stream(at + 6, end, 'element')) {
    reader.meter.step();
    sum = crc32(part, sum);
  }
  const stored = reader.u32le(at + 2, 'CRC-32');
  if (sum === stored) ledger.account(at, end, 'checksum', 'CRC-32 of an element');
  else ledger.broken(new Broken(at + 2, 'CRC-32 of an element', stored, sum), end);
}

function accountElement(place: Place, id: number): void {
  const { reader, ledger, start, end } = place;
  if (end <= start) return;
  switch (kinds.get(id)) {
    case 'text':
      accountTextOrRaw(reader, ledger, start, end, 'text');
      return;
    case 'uint':
      if (end - start > 8)
        ledger.broken(new Broken(start, 'length of a number', 'at most 8', end - start), end);
      else ledger.raw(start, end, 'number');
      return;
    case 'void':
      accountSlack(reader, ledger, start, end, 'void');
      return;
    case 'block':
      guard(place, () => accountBlock(reader, ledger, start, end));
      return;
    case 'file':
      examineStored(place, 'attachment');
      return;
    case 'crc':
      return;
    default:
      ledger.raw(start, end, 'value');
  }
}

function guard({ ledger, end }: Place, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    ledger.broken(error, end);
  }
}
