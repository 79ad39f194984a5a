import type { Range } from '../../bytes/range.ts';
import { type DigitAlphabet, decodeDigits } from '../../checks/base64.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { ExaminedMember } from '../format.ts';

/** A block of digits in a text. */
export interface Embedded extends Range {
  readonly digits: Uint8Array;
  readonly alphabet: DigitAlphabet;
  /** The text around it, as Latin-1. */
  readonly before: string;
  readonly after: string;
  /** The checksum line of OpenPGP armour: `=` and four digits. */
  readonly checksum: string | null;
}

/** What a verifier of text asks of its surroundings about a block. */
export interface Desk {
  readonly ledger: Ledger;
  examine(name: string, bytes: Uint8Array, range: Range): ExaminedMember;
}

/** Has the decoded bytes examined; digits of proved bytes are text, those of sealed ones sealed. */
export function examineBlock(desk: Desk, block: Embedded, name: string): boolean {
  const { outcome, ledger } = desk.examine(name, decodeDigits(block.digits, block.alphabet), block);
  if (outcome.verdict === 'intact') return true;
  if (outcome.verdict !== 'protected') return leaveOpen(desk, block);
  const seal = ledger.observations.find((observation) => observation.kind === 'protected');
  return protect(desk, block, `${seal?.scheme ?? outcome.format ?? 'sealed'} in ${block.alphabet}`);
}

export function leaveOpen({ ledger }: Desk, { start, end, alphabet }: Embedded): false {
  ledger.coded(start, end, `${alphabet} of bytes that nothing proves`);
  return false;
}

export function protect({ ledger }: Desk, { start, end }: Range, scheme: string, strength?: string): false {
  ledger.protect(start, end, scheme, strength);
  return false;
}
