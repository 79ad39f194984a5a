/** Where a text breaks the grammar of its kind. */
export interface Fault {
  /** Offset in bytes. */
  readonly at: number;
  readonly what: string;
  readonly expected: string;
  readonly actual: string;
  /** Whether the text only ends too early. */
  readonly isUnfinished: boolean;
}

/**
 * The grammar of a kind of text, fed in pieces as they come; all state is its own, and bounded.
 * After its first fault it takes no more.
 */
export interface Grammar {
  readonly fault: Fault | null;
  /** Takes text in an encoding that contains ASCII; the first byte stands at offset `at` and follows the last. */
  push(bytes: Uint8Array, at: number): void;
  /** Says that the text ended at offset `end`. */
  finish(end: number): void;
  /** What is unusual, but no fault; null if nothing is. */
  oddity(): string | null;
}

export function show(byte: number): string {
  return byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `0x${byte.toString(16).padStart(2, '0')}`;
}
