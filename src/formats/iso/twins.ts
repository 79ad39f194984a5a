import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';

/** A number of 32 bits that stands twice, lowest byte first, then highest first (ECMA-119 §7.3.3). @throws Broken */
export function twin32(reader: Reader, at: number, what: string): number {
  const little = reader.u32le(at, what);
  const big = reader.u32be(at + 4, what);
  if (little !== big) throw new Broken(at, `${what}, both byte orders`, little, big);
  return little;
}

/** The same of 16 bits (§7.2.3). @throws Broken */
export function twin16(reader: Reader, at: number, what: string): number {
  const little = reader.u16le(at, what);
  const big = reader.u16be(at + 2, what);
  if (little !== big) throw new Broken(at, `${what}, both byte orders`, little, big);
  return little;
}
