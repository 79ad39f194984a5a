import { isUtf8 } from 'node:buffer';
import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Tlv } from './tlv.ts';

/** The most of a string that is checked at once, in bytes. */
const LONGEST_STRING = 1 << 16;

type Check = (reader: Reader, ledger: Ledger, value: Tlv) => void;

const printable = /^[A-Za-z0-9 '()+,\-./:=?*&@_;!#%]*$/;
const ascii = /^[\x20-\x7e\t\r\n]*$/;
const utcTime = /^\d{10}(\d{2})?(Z|[+-]\d{4})$/;
const generalizedTime = /^\d{10}(\d{2}(\d{2}([.,]\d+)?)?)?(Z|[+-]\d{4})?$/;

function matches(pattern: RegExp, what: string): Check {
  return (reader, ledger, { start, end }) => {
    const text = reader.latin1(start, Math.min(end - start, LONGEST_STRING), what);
    if (!pattern.test(text)) throw new Broken(start, what, 'characters of its set', text.slice(0, 20));
    ledger.account(start, start + text.length, 'grammar', what);
  };
}

/** Values of universal types that can be wrong (X.690 §8); numbers and bits can't. */
export const checks: Readonly<Record<number, Check>> = {
  1: (reader, _ledger, { start, end }) => {
    if (end - start !== 1) throw new Broken(start, 'BOOLEAN', '1 byte', reader.size);
  },
  2: (reader, _ledger, { start, end }) => {
    if (end === start) throw new Broken(start, 'INTEGER', 'at least 1 byte', 0);
    if (end - start > 1 && isPadded(reader.u8(start), reader.u8(start + 1))) {
      throw new Broken(start, 'INTEGER', 'as few bytes as possible', 'one more');
    }
  },
  5: (_reader, _ledger, { start, end }) => {
    if (end !== start) throw new Broken(start, 'NULL', 'no bytes', end - start);
  },
  12: (reader, ledger, { start, end }) => {
    const length = Math.min(end - start, LONGEST_STRING);
    if (length === end - start && !isUtf8(reader.bytes(start, length))) {
      throw new Broken(start, 'UTF8String', 'UTF-8', 'other bytes');
    }
    ledger.account(start, start + length, 'grammar', 'UTF8String', 40);
  },
  18: matches(/^[0-9 ]*$/, 'NumericString'),
  19: matches(printable, 'PrintableString'),
  22: matches(ascii, 'IA5String'),
  23: matches(utcTime, 'UTCTime'),
  24: matches(generalizedTime, 'GeneralizedTime'),
  26: matches(ascii, 'VisibleString'),
};

/** X.690 §8.3.2: the first nine bits are neither all ones nor all zeros. */
function isPadded(first: number, second: number): boolean {
  return (first === 0 && second < 0x80) || (first === 0xff && second >= 0x80);
}

/** Whether these bytes are the text of a name: mail address, host, URI. */
export function isPlainName(reader: Reader, { start, end }: Tlv): boolean {
  const length = end - start;
  return length > 0 && length <= 1024 && /^[\x20-\x7e]+$/.test(reader.latin1(start, length));
}
