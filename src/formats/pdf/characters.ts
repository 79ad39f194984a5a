/** Classes of bytes in PDF syntax (ISO 32000-1 §7.2.2), looked up once a byte. */
export const REGULAR = 0;
export const WHITE = 1;
export const DELIMITER = 2;
/** Regular by the letter of §7.2.2, yet no honest writer puts them into numbers or keywords: controls, DEL. */
export const CONTROL = 3;
/** Bytes above ASCII: regular, but found in names and comments only. */
export const HIGH = 4;

export const classOf: Uint8Array = classify();

function classify(): Uint8Array {
  const classes = new Uint8Array(256);
  classes.fill(CONTROL, 0, 0x20);
  classes.fill(HIGH, 0x80);
  classes[0x7f] = CONTROL;
  for (const code of [0x00, 0x09, 0x0a, 0x0c, 0x0d, 0x20]) classes[code] = WHITE;
  for (const code of Buffer.from('()<>[]{}/%', 'latin1')) classes[code] = DELIMITER;
  return classes;
}

/** Value of a hexadecimal digit, or −1. */
export function hexValue(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
