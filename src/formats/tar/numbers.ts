/** A number of a tar header. `isBinary`: base-256, of which any bytes make one. */
export interface TarNumber {
  readonly value: number;
  readonly isBinary: boolean;
}

/**
 * Reads octal digits with blanks before and blanks or zeros behind them (POSIX pax, ustar Interchange Format), or
 * GNU's base-256, told by the top bit (GNU tar manual, Basic Tar Format). Null where it is neither, or 2^53 and more.
 */
export function readNumber(field: Uint8Array): TarNumber | null {
  const first = field[0]!;
  if (first === 0x80 || first === 0xff) return readBinary(field);
  const text = Buffer.from(field).toString('latin1');
  const found = /^[ \0]*(-?[0-7]*)(?:[ \0].*)?$/s.exec(text);
  if (found === null || !isBlank(text, found[1]!.length + text.indexOf(found[1]!))) return null;
  const digits = found[1]!;
  const value = digits === '' ? 0 : Number.parseInt(digits, 8);
  return Number.isSafeInteger(value) ? { value, isBinary: false } : null;
}

/** Two's complement, the top bit of the first byte left out. */
function readBinary(field: Uint8Array): TarNumber | null {
  const isNegative = field[0] === 0xff;
  let value = isNegative ? -1 : 0;
  for (let i = 1; i < field.length; i++) value = value * 256 + field[i]!;
  return Number.isSafeInteger(value) ? { value, isBinary: true } : null;
}

function isBlank(text: string, from: number): boolean {
  for (let i = from; i < text.length; i++) if (text[i] !== ' ' && text[i] !== '\0') return false;
  return true;
}
