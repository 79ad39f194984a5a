import { isUtf8 } from 'node:buffer';

/** ASCII that doesn't stand between letters of other alphabets in names and titles. */
const RARE_ASCII = /[^A-Za-z0-9 ,.:;()+_@/\x80-\xff-]/;
/** In text of one byte a character, at most every third is above ASCII, or nearly all letters are. */
const WESTERN_SHARE = 1 / 3;

/**
 * Whether bytes, one a character in `text`, are text in an encoding that writers of PDF and RTF use for names,
 * comments and strings, where the formats allow any bytes: UTF-8, Latin and other alphabets of one byte,
 * EUC (GB 2312, KS X 1001, JIS) and Shift-JIS. 16 random bytes pass less than once in a thousand.
 */
export function isLegacyText(text: string): boolean {
  if (/[\x01-\x07\x0b\x0e-\x17\x7f]/.test(text)) return false;
  return isUtf8(Buffer.from(text, 'latin1')) || isAlphabet(text) || isEuc(text) || isShiftJis(text);
}

/** Letters of ISO 8859 and windows-125x lie from C0 on. */
function isAlphabet(text: string): boolean {
  const high = count(text, /[\x80-\xff]/g);
  const letters = count(text, /[\xc0-\xff]/g);
  if (letters < high * 0.85 || !isUsual(text)) return false;
  const latin = count(text, /[A-Za-z]/g);
  return high <= text.length * WESTERN_SHARE || latin * 4 <= high;
}

function isEuc(text: string): boolean {
  return isUsualAscii(text.replace(/[\xa1-\xfe][\xa1-\xfe]/g, ''));
}

function isShiftJis(text: string): boolean {
  return isUsualAscii(text.replace(/[\x81-\x9f\xe0-\xea][\x40-\x7e\x80-\xfc]/g, ''));
}

/** Everything that is ASCII is usual between letters of other alphabets. */
function isUsual(text: string): boolean {
  return !RARE_ASCII.test(text);
}

function isUsualAscii(text: string): boolean {
  return !/[\x80-\xff]/.test(text) && isUsual(text);
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
