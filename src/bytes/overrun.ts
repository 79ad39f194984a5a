import { Broken, Truncated } from './errors.ts';
import type { Reader } from './reader.ts';

/** What to throw where a part needs `missing` bytes beyond its `end`: the file was cut there, or the part is wrong. */
export function overrun(reader: Reader, end: number, what: string, missing: number): Broken {
  if (end >= reader.size) return new Truncated(end, what, missing);
  return new Broken(end, what, `${missing} more bytes`, 'the end of the part');
}
