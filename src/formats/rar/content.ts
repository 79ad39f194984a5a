import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import { SliceSource } from '../../bytes/source.ts';
import { crc32 } from '../../checks/crc32.ts';
import { NotUnpacked } from '../../checks/rar/not-unpacked.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context } from '../format.ts';
import { examineMember } from '../member.ts';
import { examineStored } from '../stored.ts';
import { accountSummed, type Sum } from '../summed-content.ts';
import type { RarFiles, RarMethod } from './unpack.ts';

/** How the content of a block is kept from others; its strength where the header tells. */
export interface RarCipher {
  readonly scheme: string;
  readonly strength?: string;
}

/** What a block's header says of the data behind it. */
export interface RarContent extends Range {
  readonly name: string;
  readonly isStored: boolean;
  readonly method: RarMethod;
  /** Bytes as unpacked. */
  readonly size: number;
  /** Continues from another volume, or goes on there. */
  readonly isPart: boolean;
  readonly cipher: RarCipher | null;
  /** CRC-32 of the unpacked content; null where the header has none. */
  readonly sum: number | null;
}

/** An archive, and who looks at it. */
export interface RarPlace {
  readonly reader: Reader;
  readonly ledger: Ledger;
  readonly context: Context;
  readonly files: RarFiles;
}

/** Accounts for the data of a file: by CRC-32, as they stand there or unpacked. */
export function accountContent(place: RarPlace, content: RarContent): void {
  const { reader, ledger } = place;
  const { name } = content;
  const range = { start: content.start, end: Math.min(content.end, reader.size) };
  if (content.end > reader.size) {
    ledger.broken(new Truncated(reader.size, `data of ${name}`, content.end - reader.size));
  }
  const { start, end } = range;
  if (end <= start) return;
  if (!isUnpacked(content)) place.files.forget();
  if (content.cipher !== null) ledger.protect(start, end, content.cipher.scheme, content.cipher.strength);
  else if (content.isPart) leaveCoded(ledger, range, `${name} goes on in another volume`);
  else if (content.end > reader.size) ledger.coded(start, end, 'data of a file');
  else if (content.isStored) accountStored(place, content);
  else accountPacked(place, content);
}

function isUnpacked({ cipher, isPart, isStored }: RarContent): boolean {
  return cipher === null && !isPart && !isStored;
}

const sum: Sum = { title: 'CRC-32', floor: 1, add: crc32 };

function accountPacked({ reader, ledger, context, files }: RarPlace, content: RarContent): void {
  const { name, sum: stored } = content;
  try {
    if (stored === null) throw new NotUnpacked('a method without CRC-32');
    accountSummed(reader, ledger, context, { ...content, stored, sum, decoder: files.decoderOf(content) });
  } catch (error) {
    if (!(error instanceof NotUnpacked)) throw error;
    leaveCoded(ledger, content, `packed by RAR, ${error.message}: ${name}`);
  }
}

function leaveCoded(ledger: Ledger, { start, end }: Range, why: string): void {
  ledger.coded(start, end, 'data of a file');
  ledger.unexamined(start, end, why);
}

function accountStored({ reader, ledger, context }: RarPlace, content: RarContent): void {
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
