import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import { SliceSource } from '../../bytes/source.ts';
import { crc32 } from '../../checks/crc32.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context } from '../format.ts';
import { examineMember } from '../member.ts';
import { examineStored } from '../stored.ts';

/** How the content of a block is kept from others; its strength where the header tells. */
export interface RarCipher {
  readonly scheme: string;
  readonly strength?: string;
}

/** What a block's header says of the data behind it. */
export interface RarContent extends Range {
  readonly name: string;
  readonly isStored: boolean;
  /** Continues from another volume, or goes on there. */
  readonly isPart: boolean;
  readonly cipher: RarCipher | null;
  /** CRC-32 of the unpacked content; null where the header has none. */
  readonly sum: number | null;
}

/** Accounts for the data of a file: by CRC-32 if they stand there as they are. */
export function accountContent(reader: Reader, ledger: Ledger, context: Context, content: RarContent): void {
  const { name } = content;
  const range = { start: content.start, end: Math.min(content.end, reader.size) };
  if (content.end > reader.size) {
    ledger.broken(new Truncated(reader.size, `data of ${name}`, content.end - reader.size));
  }
  const { start, end } = range;
  if (end <= start) return;
  if (content.cipher !== null) ledger.protect(start, end, content.cipher.scheme, content.cipher.strength);
  else if (!content.isStored) leaveCoded(ledger, range, `packed by RAR: ${name}`);
  else if (content.isPart) leaveCoded(ledger, range, `${name} goes on in another volume`);
  else if (content.end <= reader.size) accountStored(reader, ledger, context, content);
}

function leaveCoded(ledger: Ledger, { start, end }: Range, why: string): void {
  ledger.coded(start, end, 'data of a file');
  ledger.unexamined(start, end, why);
}

function accountStored(reader: Reader, ledger: Ledger, context: Context, content: RarContent): void {
  const { start, end, name, sum } = content;
  if (sum === null) {
    examineStored({ reader, ledger, context, start, end }, name);
    return;
  }
  let computed = 0;
  for (const part of reader.stream(start, end, name)) computed = crc32(part, computed);
  if (computed === sum) ledger.account(start, end, 'checksum', 'CRC-32 of a stored file');
  else ledger.broken(new Broken(start, `CRC-32 of ${name}`, sum, computed), end);
  examineMember(context, ledger, name, new SliceSource(reader.source, start, end), { start, end });
}
