import type { Identity } from './evidence.ts';

/** Programs choose short words for extensions of their own. */
const LONGEST_HONEST = 8;
const idOrAddress = /[@()[\]{} ]/;
const letterDigitMix = /[a-z]\d+[a-z]|\d[a-z]+\d/;
/** Six digits of hexadecimal, of both kinds: drawn, not named. */
const hexadecimal = /^(?=.*\d)(?=.*[a-f])[0-9a-f]{6,}$/;

/**
 * The extension, if no known format has it and it's none that a program would choose: longer than a word, with an
 * address, brackets, or letters and digits mixed. Null for others: a program that isn't known here may use them.
 */
export function foreignExtension({ extension, promised }: Identity): string | null {
  if (promised.length > 0 || extension === '') return null;
  return isForeignExtension(extension) ? extension : null;
}

/** Whether no program would choose it. In lower case, without the first dot. */
export function isForeignExtension(extension: string): boolean {
  return (
    extension.length > LONGEST_HONEST ||
    idOrAddress.test(extension) ||
    letterDigitMix.test(extension) ||
    hexadecimal.test(extension)
  );
}
