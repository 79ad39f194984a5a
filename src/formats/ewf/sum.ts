import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import { adler32 } from '../../checks/adler32.ts';

/** Compares the Adler-32 of a range with the one behind it. @throws Broken */
export function expectAdler(reader: Reader, start: number, end: number): void {
  let computed = 1;
  for (const part of reader.stream(start, end)) computed = adler32(part, computed);
  const stored = reader.u32le(end, 'Adler-32');
  if (stored !== computed) throw new Broken(end, 'Adler-32', stored, computed);
}
