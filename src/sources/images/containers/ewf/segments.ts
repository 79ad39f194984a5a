import { Broken } from '../../../../bytes/errors.ts';
import { Reader } from '../../../../bytes/reader.ts';
import { EWF_HEADER } from '../../../../formats/ewf/section.ts';
import { nameOf } from '../../../folders/path.ts';
import type { ImageFile, Notice, Siblings } from '../../container.ts';

export const EVF = 'EVF\t\r\n\xff\0';
/** `.E01` to `.EZZ` and on to `.ZZZ`, and the same from `.S01`. */
const SUFFIX = /\.[a-z][0-9a-z]{2}$/i;
/** All suffixes that there are. */
const MOST_SEGMENTS = 26 * 36 * 36;

/** The files of an acquired disk, in order; null where one is missing. */
export interface Segments {
  readonly files: readonly (ImageFile | null)[];
  readonly notices: readonly Notice[];
}

/** The number in a segment's header, from 1 on. @throws Broken, Truncated */
export function segmentNumber(reader: Reader): number {
  reader.expect(0, EVF, 'header of a segment');
  reader.bytes(0, EWF_HEADER, 'header of a segment');
  const number = reader.u16le(9);
  if (number === 0) throw new Broken(9, 'number of the segment', '1 or more', number);
  return number;
}

/** All segments beside the one opened. Their numbers count, not their names, which people change. */
export function findSegments(image: ImageFile, siblings: Siblings): Segments {
  const notices: Notice[] = [];
  const found = new Map<number, ImageFile>([[segmentNumber(new Reader(image.source)), image]]);
  const name = nameOf(image.path);
  const base = SUFFIX.test(name) ? name.slice(0, -3) : null;
  for (const other of base === null ? [] : siblings.list(base)) {
    if (other.length === name.length && other !== name && SUFFIX.test(other)) {
      addSegment(found, siblings, other, notices);
    }
    if (found.size > MOST_SEGMENTS) break;
  }
  const count = Math.max(...found.keys());
  return { files: Array.from({ length: count }, (_, i) => found.get(i + 1) ?? null), notices };
}

function addSegment(
  found: Map<number, ImageFile>,
  siblings: Siblings,
  name: string,
  notices: Notice[],
): void {
  const sibling = siblings.open(name);
  if (sibling === null) return;
  const number = tryNumber(sibling);
  if (number !== null && !found.has(number)) {
    found.set(number, sibling);
    return;
  }
  sibling.source.close();
  const why = number === null ? 'is no segment, or a damaged one' : `is another segment ${number}`;
  notices.push({ level: 'wrong', text: `${JSON.stringify(name)} ${why}, and is left out` });
}

function tryNumber({ source }: ImageFile): number | null {
  try {
    return segmentNumber(new Reader(source));
  } catch (error) {
    if (error instanceof Broken) return null;
    throw error;
  }
}
