import type { MemberOutcome } from '../ledger/observation.ts';

/** What a text writes in base64 or hexadecimal, random throughout. */
export function isEncodedBlob({ name, reasons }: MemberOutcome): boolean {
  return /^(?:base64|hex)@\d+$/.test(name) && reasons[0]?.code === 'S301';
}
