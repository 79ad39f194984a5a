import { isAscii } from 'node:buffer';
import { Broken } from '../../../bytes/errors.ts';
import type { Part } from '../part.ts';
import { accountRest } from '../rest.ts';
import { decompress } from './decompress.ts';

/** Source code begins with `Attribute`, of which the first eight letters are never packed, behind their flags. */
const SOURCE = '\0Attribut';
const BEFORE = 3;
const MOST = 1 << 20;
/** Two thirds of random tokens' bytes are letters of the text, which only ASCII would pass for; else chunks' lengths tell. */
const FLOOR = { ascii: 64, other: 256 } as const;

/** A module: what the program compiled for itself, then its source code (MS-OVBA §2.3.4.3). */
export function verifyModule(part: Part): void {
  const { reader, size } = part.stream;
  const found = reader.indexOf(SOURCE, 0, size);
  if (found >= BEFORE && size - found <= MOST) accountPacked(part, found - BEFORE);
  accountRest(part);
}

/** The directory of the project is packed as a whole (§2.3.4.2). */
export function verifyDirectory(part: Part): void {
  const { size } = part.stream;
  if (size > 0 && size <= MOST) accountPacked(part, 0);
  accountRest(part);
}

function accountPacked({ stream: { reader, ledger, size } }: Part, start: number): void {
  const bytes = reader.copy(start, size - start, 'VBA');
  try {
    const { content, end } = decompress(bytes, 0);
    reader.meter.produce(content.length);
    ledger.account(start, start + end, 'decoder', 'VBA', isAscii(content) ? FLOOR.ascii : FLOOR.other);
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    ledger.broken(new Broken(start + error.at, error.what, error.expected, error.actual), size);
  }
}
