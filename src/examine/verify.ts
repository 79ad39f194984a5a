import { Broken, OverBudget } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';
import type { Context, Format, KnownFormat } from '../formats/format.ts';
import { Ledger } from '../ledger/ledger.ts';
import { proofs } from '../ledger/terms.ts';
import type { Candidate } from './identify.ts';

/** What one format could account for. */
export interface Attempt {
  readonly format: Format;
  /** What the verifier says the file is more precisely; else its own format. */
  readonly identified: KnownFormat;
  readonly ledger: Ledger;
  /** Why it ended early; null if it didn't. */
  readonly stopped: string | null;
}

/**
 * Lets each candidate account for the bytes until one does without contradiction; else gives the one that got furthest.
 * Content alone doesn't outvote magic bytes: a PDF that breaks is no text, though all its bytes may be printable.
 */
export function verifyBest(
  reader: Reader,
  candidates: Iterable<Candidate>,
  contextFor: (ledger: Ledger) => Context,
): Attempt | null {
  let best: Attempt | null = null;
  let isNamed = false;
  for (const { format, by } of candidates) {
    if (by === 'content' && isNamed) break;
    const attempt = verifyAs(format, reader, contextFor);
    if (isClean(attempt)) return attempt;
    if (best === null || accounted(attempt) > accounted(best)) best = attempt;
    isNamed ||= by === 'magic' && hasLongMagic(format);
  }
  return best;
}

/** Four bytes don't stand there by chance. */
function hasLongMagic({ signatures }: Format): boolean {
  return signatures.some(({ hex }) => hex.length >= 8);
}

function verifyAs(format: Format, reader: Reader, contextFor: (ledger: Ledger) => Context): Attempt {
  const ledger = new Ledger(reader.size);
  let identified: KnownFormat = format;
  let stopped: string | null = null;
  const refine = (more: KnownFormat) => {
    identified = more;
  };
  try {
    format.verify(reader, ledger, { ...contextFor(ledger), refine });
  } catch (error) {
    if (error instanceof OverBudget) stopped = error.message;
    else if (error instanceof Broken) ledger.broken(error);
    else throw error;
  }
  return { format, identified, ledger, stopped };
}

export function isClean({ ledger, stopped }: Attempt): boolean {
  return (
    stopped === null && ledger.observations.every(({ kind }) => kind !== 'broken' && kind !== 'truncated')
  );
}

/** Bytes for which something speaks, declared raw ones included. */
export function accounted({ ledger }: Attempt): number {
  const totals = ledger.totals();
  return proofs.reduce((sum, proof) => sum + totals[proof], totals.protected + totals.coded);
}
