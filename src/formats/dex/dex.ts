import { createHash } from 'node:crypto';
import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import { adler32 } from '../../checks/adler32.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { accountTail } from '../tail.ts';

/** The Adler-32 leaves out magic and itself, the SHA-1 also itself. */
const SUMMED_FROM = 12;
const HASHED_FROM = 32;
/** Adler-32 hardly mixes: from this length on, its two sums of random bytes spread over all values. In bytes. */
const SHORTEST_FOR_ADLER = 512;

export const dex: Format = {
  id: 'dex',
  title: 'Dalvik executable',
  extensions: ['dex'],
  signatures: [{ at: 0, hex: '6465780a3033' }],
  spec: 'Android Open Source Project, "Dalvik executable format", header_item',
  proof: 'SHA-1 of the whole file; where a tool left it stale, its Adler-32',
  texture: 'plain',
  verify(reader: Reader, ledger: Ledger): void {
    const size = reader.u32le(32, 'file size');
    if (size > reader.size) throw new Truncated(reader.size, 'file', size - reader.size);
    if (size < 112) throw new Broken(32, 'file size', 'at least 112', size);
    let sum = 1;
    const hash = createHash('sha1');
    for (const part of reader.stream(SUMMED_FROM, HASHED_FROM)) sum = adler32(part, sum);
    for (const part of reader.stream(HASHED_FROM, size)) {
      sum = adler32(part, sum);
      hash.update(part);
    }
    ledger.account(0, 8, 'structure', 'magic and version');
    const stored = reader.copy(SUMMED_FROM, 20);
    if (sum !== reader.u32le(8)) ledger.broken(new Broken(8, 'Adler-32', reader.u32le(8), sum), size);
    else if (hash.digest().equals(stored)) ledger.account(8, size, 'checksum', 'SHA-1 of the file');
    else {
      // Tools of Android Studio that split a program renew the Adler-32 only.
      ledger.oddity(SUMMED_FROM, 'a SHA-1 of another state of the file');
      ledger.account(8, size, 'checksum', 'Adler-32 of the file', SHORTEST_FOR_ADLER);
    }
    accountTail(reader, ledger, size);
  },
};
