import type { Reader } from '../../../bytes/reader.ts';
import { describeHeader } from '../protection/encryption-header.ts';
import type { BiffRecord } from './records.ts';

/** The owner's encryption of a workbook. */
export interface Seal {
  /** Where it begins. */
  readonly from: number;
  readonly scheme: string;
  readonly strength: string;
}

const XOR_LENGTH = 4;

/** FILEPASS (MS-XLS §2.4.117): XOR obfuscation, RC4, or RC4 by way of CryptoAPI. */
export function readFilePass(reader: Reader, { data, end }: BiffRecord): Seal {
  const length = end - data;
  const isXor = length <= XOR_LENGTH || reader.u16le(data) === 0;
  if (isXor) return { from: end, scheme: 'Excel XOR obfuscation', strength: 'XOR, 16 bit' };
  const major = length >= 6 ? reader.u16le(data + 2) : 1;
  if (major < 2) return { from: end, scheme: 'Excel RC4 encryption', strength: 'RC4, 40 bit' };
  return {
    from: end,
    scheme: 'Excel RC4 CryptoAPI encryption',
    strength: describeHeader(reader, data + 2, end),
  };
}
