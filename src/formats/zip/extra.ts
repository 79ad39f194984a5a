import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';

/** One extra field; the range is its payload, behind four bytes of id and length. */
export interface ExtraField extends Range {
  readonly id: number;
}

/** The fields of an extra block, up to where they stop making sense. */
export function walkExtra(reader: Reader, { start, end }: Range): ExtraField[] {
  const fields: ExtraField[] = [];
  for (let at = start; at + 4 <= end; ) {
    const field = { id: reader.u16le(at), start: at + 4, end: at + 4 + reader.u16le(at + 2) };
    if (field.end > end) break;
    fields.push(field);
    at = field.end;
  }
  return fields;
}
