import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import { walkExtra } from './extra.ts';

const ID = 0x0001;

/** Fields that move to the zip64 extra field when they hold their largest value, in its order (APPNOTE §4.5.3). */
interface Movable {
  readonly size: number;
  readonly packedSize: number;
  readonly localAt?: number;
  readonly disk?: number;
}

/** The fields, with those that did not fit their place taken from the extra field. */
export function readZip64<T extends Movable>(
  reader: Reader,
  extra: Range,
  fields: T,
): T & { isZip64: boolean } {
  const field = walkExtra(reader, extra).find(({ id }) => id === ID);
  const read: { size?: number; packedSize?: number; localAt?: number; disk?: number } = {};
  let at = field?.start ?? 0;
  const end = field?.end ?? 0;
  for (const name of ['size', 'packedSize', 'localAt'] as const) {
    if (fields[name] !== 0xffffffff || at + 8 > end) continue;
    read[name] = reader.u64le(at, `zip64 ${name}`);
    at += 8;
  }
  if (fields.disk === 0xffff && at + 4 <= end) read.disk = reader.u32le(at);
  return { ...fields, ...read, isZip64: field !== undefined };
}
