import { Broken, OverBudget } from '../../src/bytes/errors.ts';
import { defaultBudget, Meter } from '../../src/bytes/meter.ts';
import { Reader } from '../../src/bytes/reader.ts';
import { BufferSource } from '../../src/bytes/source.ts';
import type { Context, Format } from '../../src/formats/format.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import type { MemberOutcome, Observation } from '../../src/ledger/observation.ts';
import { fixtures } from './fixtures.ts';

const MOST_MILLISECONDS = 10_000;

/**
 * Lets one format account for bytes, without the rest of an examination: members stay unknown.
 * Contradictions end up in the ledger; a used-up budget is thrown.
 */
export function verifyAlone(
  format: Format,
  bytes: Uint8Array,
  siblings: Record<string, Uint8Array> = {},
): Ledger {
  const ledger = new Ledger(bytes.length);
  const reader = new Reader(
    new BufferSource(bytes),
    new Meter({ ...defaultBudget, milliseconds: MOST_MILLISECONDS }),
  );
  const context: Context = {
    name: 'file',
    sibling: (name) => (siblings[name] === undefined ? null : new BufferSource(siblings[name])),
    examine: (name, member, range) => ({
      outcome: {
        name,
        ...range,
        size: member.size,
        format: null,
        verdict: 'unproved',
        floor: 0,
        opaque: 0,
        reasons: [],
      } satisfies MemberOutcome,
      ledger: new Ledger(member.size),
    }),
  };
  try {
    format.verify(reader, ledger, context);
  } catch (error) {
    if (!(error instanceof Broken) || error instanceof OverBudget) throw error;
    ledger.broken(error);
  }
  return ledger;
}

/** What contradicts the format. */
export function contradictions(ledger: Ledger): Observation[] {
  return ledger.observations.filter(({ kind }) => kind === 'broken' || kind === 'truncated');
}

/** Share of the bytes in each state that occurs, in percent, for tables in the output of tests. */
export function shares(ledger: Ledger): Record<string, number> {
  const entries = Object.entries(ledger.totals()).filter(([, bytes]) => bytes > 0);
  return Object.fromEntries(
    entries.map(([state, bytes]) => [state, Math.round((1000 * bytes) / ledger.size) / 10]),
  );
}

/** The file of this name under `fixtures/<format>/`. */
export function fixture(format: string, name: string): Uint8Array {
  for (const file of fixtures()) if (file.format === format && file.name === name) return file.bytes;
  throw new Error(`no fixture ${format}/${name}`);
}
