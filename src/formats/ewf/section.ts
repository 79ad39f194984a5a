import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import { expectAdler } from './sum.ts';

/** Length of the header of a segment, and of that of a section, in bytes. */
export const EWF_HEADER = 13;
export const EWF_DESCRIPTOR = 76;

/** A section of a segment; the range is that of its data. */
export interface EwfSection extends Range {
  readonly type: string;
  readonly isLast: boolean;
}

/**
 * Sections are chained; the last one of a segment points to itself.
 * @throws Broken when the sum of its header is wrong, or the chain goes back; Truncated
 */
export function readEwfSection(reader: Reader, at: number): EwfSection {
  if (at + EWF_DESCRIPTOR > reader.size)
    throw new Truncated(reader.size, 'section', at + EWF_DESCRIPTOR - reader.size);
  expectAdler(reader, at, at + 72);
  const type = reader.latin1(at, 16).replace(/\0.*$/s, '');
  const next = reader.u64le(at + 16);
  const isLast = type === 'next' || type === 'done' || next <= at;
  const end = isLast ? at + EWF_DESCRIPTOR : next;
  if (end < at + EWF_DESCRIPTOR) throw new Broken(at + 16, 'next section', 'further on', next);
  if (end > reader.size) throw new Truncated(reader.size, `section ${type}`, end - reader.size);
  return { type, start: at + EWF_DESCRIPTOR, end, isLast };
}
