import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import { adler32 } from '../../checks/adler32.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Image } from './layout.ts';

/** The header stands right before the packed bytes, at the end of the headers or the start of a section. */
const SEARCHED = 8192;
const HEADER = 32;

/** A program packed by UPX: Adler-32 of the packed bytes, which look random by right (UPX, packhead.cpp). */
export function verifyPacked(reader: Reader, ledger: Ledger, image: Image): void {
  if (!image.sections.some(({ name }) => name === 'UPX1')) return;
  const at = reader.indexOf('UPX!', 0, Math.min(SEARCHED, reader.size));
  if (at < 0 || at + HEADER > reader.size) return;
  const start = at + HEADER;
  const end = start + reader.u32le(at + 20);
  const stored = reader.u32le(at + 12);
  if (end > reader.size)
    throw new Broken(at + 20, 'packed size', `up to ${reader.size - start}`, end - start);
  let sum = 1;
  for (const part of reader.stream(start, end)) sum = adler32(part, sum);
  if (sum !== stored) {
    ledger.broken(new Broken(start, 'Adler-32 of the packed program', stored, sum), end);
    return;
  }
  ledger.account(at, start, 'structure', 'packer header', 24);
  ledger.account(start, end, 'checksum', 'Adler-32 of the packed program');
}
