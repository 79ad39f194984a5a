import { describe, expect, it } from 'vitest';
import { attack } from '../../bench/attacks/attack.ts';
import { basicLayouts, type Layout } from '../../bench/attacks/layouts.ts';
import { Random } from '../../bench/attacks/random.ts';
import { Meter } from '../../src/bytes/meter.ts';
import { Reader } from '../../src/bytes/reader.ts';
import { BufferSource } from '../../src/bytes/source.ts';
import type { Examination } from '../../src/examine/examination.ts';
import { examine } from '../../src/examine/examine.ts';
import { formats } from '../../src/formats/table.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { type Fixture, fixtures } from './fixtures.ts';

/** The suite takes minutes: parts of it run beside each other. */
const PARTS = 3;

const isSafe = ({ judgement }: Examination) => judgement.restore === 'yes';
const look = ({ name }: Fixture, bytes: Uint8Array) =>
  examine(bytes, { name, budget: { milliseconds: 5000 } });

/** A copy with `length` random bytes from `at` on. */
function overwritten(bytes: Uint8Array, at: number, length: number, random: Random): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy.set(random.bytes(Math.min(length, bytes.length - at)), at);
  return copy;
}

/** Every registered format passes this suite, with the files of its folder in fixtures/. */
export function describeContract(part: number): void {
  const own = [...fixtures()].filter((_, index) => index % PARTS === part);
  const titled = own.map((fixture) => ({
    ...fixture,
    title: `${fixture.format}/${fixture.verdict}/${fixture.name}`,
  }));
  describe.each(titled)('$title', describeFixture);
}

function describeFixture(fixture: Fixture): void {
  const { bytes, name } = fixture;
  const isHonest = !['encrypted', 'damaged', 'suspect'].includes(fixture.verdict);

  it('has the verdict that its folder says', () => {
    const { evidence, judgement } = examine(bytes, { name });
    expect(`${judgement.verdict}: ${JSON.stringify(judgement.reasons)}`).toMatch(
      new RegExp(`^${fixture.verdict}:`),
    );
    expect((evidence.identity.verifier ?? evidence.identity.magic)?.id).toBe(fixture.format);
  });

  it('is the same a second time, and through a window of 64 bytes', () => {
    const format = formats.find(({ id }) => id === fixture.format);
    if (format === undefined) return;
    const ledgerThrough = (window: number) => {
      const ledger = new Ledger(bytes.length);
      const reader = new Reader(new BufferSource(bytes), new Meter(), new Uint8Array(window));
      const examineMember = () => {
        throw new Error('members are left out here');
      };
      try {
        format.verify(reader, ledger, { name, sibling: () => null, examine: examineMember });
      } catch (error) {
        return [(error as Error).message, ledger.totals()];
      }
      return [ledger.totals(), ledger.observations];
    };
    expect(ledgerThrough(64)).toEqual(ledgerThrough(1 << 20));
  });

  it('is never called encrypted, nor does it fail, when it is cut short', () => {
    for (let i = 0; i < 24; i++) {
      const { judgement } = look(fixture, bytes.subarray(0, Math.floor((bytes.length * i) / 24)));
      if (isHonest) expect(judgement.verdict).not.toBe('encrypted');
    }
  });

  it('ends within its budget, whatever lengths its first bytes tell', () => {
    const lies = ['ffffffff', '7fffffff', '00000000', '80000000', '00000001'];
    for (let at = 0; at < Math.min(bytes.length - 4, 192); at += 3) {
      const copy = Uint8Array.from(bytes);
      copy.set(Buffer.from(lies[at % lies.length]!, 'hex'), at);
      const started = performance.now();
      look(fixture, copy);
      expect(performance.now() - started).toBeLessThan(10_000);
    }
  });

  it('ends as unproved when a limit is reached', () => {
    for (const budget of [{ steps: 2 }, { produced: 100 }, { read: 1 }, { depth: 0 }]) {
      const { judgement } = examine(bytes, { name, budget });
      expect(['intact', 'unproved', 'protected', fixture.verdict, 'suspect', 'damaged']).toContain(
        judgement.verdict,
      );
    }
  });

  if (fixture.verdict !== 'intact' && fixture.verdict !== 'protected') return;

  it('is never called intact with a floor that random bytes written into it reach', () => {
    const random = new Random(bytes.length);
    for (const length of [16, 64, 512, 4096].filter((length) => length <= bytes.length)) {
      for (let i = 0; i < 12; i++) {
        const at = random.below(bytes.length - length + 1);
        const { verdict, floor } = look(fixture, overwritten(bytes, at, length, random)).judgement;
        if (verdict !== 'intact' || length < floor) continue;
        expect(`intact with a floor of ${floor} after ${length} random bytes at ${at}`).toBe('noticed');
      }
    }
  });

  const attacks: readonly Layout[] = basicLayouts.filter(({ id }) => id !== 'renamed only');
  it.each(attacks)('is not safe any more after an attack: $id', (layout) => {
    const attacked = attack({ name, bytes }, layout, 'aes-256-ctr', bytes.length);
    if (attacked === null) return;
    const after = look(fixture, attacked.bytes);
    const isNoticeable = attacked.changedBytes >= Math.max(after.judgement.floor, 16);
    expect(isSafe(after) && isNoticeable).toBe(false);
  });
}
