import { describe, expect, it } from 'vitest';
import { elf } from '../../../src/formats/elf/elf.ts';
import { describeFamily } from '../../support/family.ts';
import { random } from '../../support/overwrites.ts';
import { contradictions, fixture, verifyAlone } from '../../support/verify.ts';

describeFamily(elf, ['elf', 'so', 'o', 'debug'], 12);

const program = fixture('elf', 'hello-strip');

describe('elf', () => {
  it('leaves nothing of a program without a word', () => {
    const ledger = verifyAlone(elf, program);
    expect(contradictions(ledger)).toEqual([]);
    expect(ledger.totals().unaccounted).toBe(0);
  });

  it('names what is appended, trailing', () => {
    const longer = new Uint8Array(program.length + 100).fill(0x5a);
    longer.set(program);
    expect(verifyAlone(elf, longer).observations).toContainEqual({
      kind: 'trailing',
      start: program.length,
      end: longer.length,
    });
  });

  it('knows zeros behind the end as padding', () => {
    const longer = new Uint8Array(program.length + 100);
    longer.set(program);
    const ledger = verifyAlone(elf, longer);
    expect(ledger.observations).toEqual([]);
    expect(ledger.totals().unaccounted).toBe(0);
  });

  it('contradicts a changed name of a dynamic symbol by its hash', () => {
    const names = Buffer.from(program).indexOf('__cxa_finalize');
    const bytes = Uint8Array.from(program);
    bytes[names + 2] = 0x62;
    const plain = contradictions(verifyAlone(elf, bytes));
    expect(plain.some((seen) => seen.kind === 'broken' && seen.what === 'hash of a symbol name')).toBe(true);
  });

  it('still speaks of the segments where the section headers are lost', () => {
    const bytes = Uint8Array.from(program);
    const next = random(3);
    for (let at = bytes.length - 512; at < bytes.length; at++) bytes[at] = next() * 256;
    const ledger = verifyAlone(elf, bytes);
    expect(contradictions(ledger)).not.toEqual([]);
    expect(ledger.totals().structure).toBeGreaterThan(64);
    expect(ledger.totals().raw).toBeGreaterThan(0);
  });

  it('survives any single byte, hostile counts among them', () => {
    const next = random(11);
    for (let i = 0; i < 1500; i++) {
      const bytes = Uint8Array.from(program);
      const at = i % 2 === 0 ? Math.floor(next() * 64) : Math.floor(next() * bytes.length);
      bytes[at] = next() * 256;
      verifyAlone(elf, bytes);
    }
  });
});
