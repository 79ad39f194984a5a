import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Broken, Truncated } from '../../src/bytes/errors.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import type { MemberOutcome } from '../../src/ledger/observation.ts';
import { type State, states } from '../../src/ledger/segment.ts';
import { proofs } from '../../src/ledger/terms.ts';

const SIZE = 120;
const claims = fc.array(
  fc.record({
    a: fc.nat(SIZE),
    b: fc.nat(SIZE),
    proof: fc.constantFrom(...proofs),
    floor: fc.integer({ min: 1, max: 40 }),
  }),
  { maxLength: 15 },
);

function ledgerOf(list: { a: number; b: number; proof: (typeof proofs)[number]; floor: number }[]): Ledger {
  const ledger = new Ledger(SIZE);
  for (const { a, b, proof, floor } of list)
    ledger.account(Math.min(a, b), Math.max(a, b), proof, proof, floor);
  return ledger;
}

function outcome(verdict: MemberOutcome['verdict'], name = verdict): MemberOutcome {
  return { name, start: 0, end: 1, size: 1, format: null, verdict, floor: 1, opaque: 0, reasons: [] };
}

describe('Ledger', () => {
  it('tiles the whole file, whatever was claimed', () => {
    fc.assert(
      fc.property(claims, (list) => {
        let at = 0;
        for (const segment of ledgerOf(list).segments()) {
          expect(segment.start).toBe(at);
          expect(segment.end).toBeGreaterThan(at);
          at = segment.end;
        }
        expect(at).toBe(SIZE);
      }),
    );
  });

  it('places a contradiction inside the file, even where a part was sought before its beginning', () => {
    const ledger = new Ledger(SIZE);
    ledger.broken(new Broken(-65_536, 'structure'));
    expect(ledger.observations).toEqual([{ kind: 'broken', at: 0, what: 'structure' }]);
  });

  it('lets the strongest proof stand at every byte', () => {
    fc.assert(
      fc.property(claims, (list) => {
        const ledger = ledgerOf(list);
        for (let at = 0; at < SIZE; at++) {
          const over = list.filter(({ a, b }) => Math.min(a, b) <= at && at < Math.max(a, b));
          const ranks = over.map(({ proof }) => states.indexOf(proof));
          const expected: State = over.length === 0 ? 'unaccounted' : states[Math.min(...ranks)]!;
          expect(ledger.segments().find(({ start, end }) => start <= at && at < end)!.state).toBe(expected);
        }
      }),
    );
  });

  it('has totals that add up to the size', () => {
    fc.assert(
      fc.property(claims, (list) => {
        const totals = Object.values(ledgerOf(list).totals());
        expect(totals.reduce((sum, bytes) => sum + bytes, 0)).toBe(SIZE);
      }),
    );
  });

  it('has the floor of its longest gap', () => {
    const ledger = new Ledger(1000);
    ledger.account(0, 400, 'checksum', 'CRC-32');
    ledger.account(410, 1000, 'checksum', 'CRC-32');
    expect(ledger.floor()).toBe(11);
  });

  it('adds what may hide in the neighbours of a gap', () => {
    const ledger = new Ledger(1000);
    ledger.account(0, 400, 'grammar', 'text', 16);
    ledger.account(410, 1000, 'padding', 'zeros', 4);
    expect(ledger.floor()).toBe(15 + 10 + 3 + 1);
  });

  it('has a floor that an exhaustive search confirms', () => {
    fc.assert(
      fc.property(claims, (list) => {
        const ledger = ledgerOf(list);
        const segments = ledger.segments();
        const unnoticed = (start: number, length: number) =>
          joined(segments).every((segment) => {
            const inside = Math.min(segment.end, start + length) - Math.max(segment.start, start);
            return inside < segment.floor;
          });
        const runs = Array.from({ length: SIZE + 1 }, (_, i) => i).filter((length) =>
          Array.from({ length: SIZE - length + 1 }, (_, start) => start).some((start) =>
            unnoticed(start, length),
          ),
        );
        expect(ledger.floor()).toBe(Math.max(...runs) + 1);
      }),
      { numRuns: 60 },
    );
  });

  it('stays whole when a hostile file makes it claim without end', () => {
    const ledger = new Ledger(1_000_000);
    for (let i = 0; i < 300_000; i++) ledger.account(i, i + 2, i % 2 === 0 ? 'checksum' : 'grammar', 'x');
    expect(ledger.segments().at(-1)!.end).toBe(1_000_000);
  });

  it('refuses a claim outside of the file', () => {
    expect(() => new Ledger(10).account(5, 11, 'checksum', 'x')).toThrow(RangeError);
  });

  it('takes over the ledger of a part at its place', () => {
    const part = new Ledger(10);
    part.account(2, 10, 'checksum', 'CRC-32');
    const whole = new Ledger(100);
    whole.adopt(part, 50);
    expect(whole.ranges('checksum')).toMatchObject([{ start: 52, end: 60 }]);
  });

  it('tells truncation from contradiction', () => {
    const ledger = new Ledger(10);
    ledger.broken(new Truncated(10, 'chunk', 5));
    ledger.broken(new Broken(3, 'length', 4, 5), 8);
    expect(ledger.observations).toEqual([
      { kind: 'truncated', at: 10, what: 'chunk', missing: 5 },
      { kind: 'broken', at: 3, what: 'length', end: 8, expected: '4', actual: '5' },
    ]);
  });

  it('keeps the worst members, and counts all', () => {
    const ledger = new Ledger(10);
    for (let i = 0; i < 300; i++) ledger.member(outcome('intact'));
    ledger.member(outcome('encrypted', 'encrypted'));
    expect(ledger.members.length).toBe(100);
    expect(ledger.members.some(({ verdict }) => verdict === 'encrypted')).toBe(true);
    expect(ledger.memberCounts.get('intact')).toBe(300);
  });
});

function joined(segments: ReturnType<Ledger['segments']>): { start: number; end: number; floor: number }[] {
  const list: { start: number; end: number; floor: number; state: string }[] = [];
  for (const { start, end, floor, state } of segments) {
    const last = list.at(-1);
    if (last?.floor === floor && last.state === state) last.end = end;
    else list.push({ start, end, floor, state });
  }
  return list;
}
