import { BIT } from './odd-runs.ts';

/** What a control costs that no text has; alone it is a stray, near any other wrong byte it is none. */
export const CONTROL = 15 * BIT;

/** Controls that terminals, printers and old editors leave in text: BEL, BS, VT, FF, SUB. */
const soft: Readonly<Record<number, number>> = {
  7: 4 * BIT,
  8: 3 * BIT,
  11: 5 * BIT,
  12: 2 * BIT,
  26: 4 * BIT,
};
const ESCAPE = 0x1b;
/** What follows ESC in colour codes, character set designations (ISO 2022) and titles. */
const escaped = new Set([...'[]()$*+=>#%&NOPMDEHc78'].map((character) => character.charCodeAt(0)));

/** The cost of a control other than TAB, LF and CR between the bytes before and after it. */
export function costOfControl(
  byte: number,
  before: number,
  after: number,
  habits: ReadonlySet<number>,
): number {
  if (habits.has(byte)) return 0;
  // Zeros in a row are no random bytes; `ZeroRuns` looks after them.
  if (byte === 0 && before === 0) return 0;
  if (byte === ESCAPE && escaped.has(after)) return 0;
  return soft[byte] ?? CONTROL;
}

/** Whether a byte below 0x20 is a control that isn't part of every text. */
export function isControl(byte: number): boolean {
  return byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d;
}
