import { createCipheriv } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { examine } from '../../src/examine/examine.ts';
import type { KnownGood } from '../../src/verdict/known-good.ts';
import { honestText } from '../support/honest.ts';
import { randomBytes } from '../support/random.ts';

const same: KnownGood = { kind: 'same', by: 'SHA-256' };
const was = (format: string | null, verdict: 'intact' | 'unproved' = 'intact'): KnownGood => ({
  kind: 'other',
  format,
  verdict,
});
const text = Buffer.from(honestText(300));
const ciphertext = createCipheriv('aes-256-ctr', randomBytes(32), randomBytes(16)).update(text);

function judged(bytes: Uint8Array, name: string, knownGood: KnownGood) {
  const { verdict, reasons, floor } = examine(bytes, { name, knownGood }).judgement;
  return { verdict, codes: reasons.map(({ code }) => code), floor };
}

describe('a file whose hash is in the known-good state', () => {
  it('is intact by that, whatever can be proved of it now', () => {
    expect(judged(ciphertext, 'key.bin', same)).toMatchObject({ verdict: 'intact', floor: 1 });
    expect(judged(ciphertext, 'key.bin', same).codes[0]).toBe('I602');
    expect(judged(Buffer.from('PK\x03\x04'), 'cut.zip', same)).toMatchObject({ verdict: 'intact' });
  });

  it('stays encrypted where ciphertext stands in place of its type: the list may be of after the attack', () => {
    const { verdict, codes } = judged(ciphertext, 'report.docx', same);
    expect(verdict).toBe('encrypted');
    expect(codes).toContain('I602');
  });

  it('says so once', () => {
    expect(judged(text, 'a.txt', same)).toEqual({ verdict: 'intact', codes: ['I602'], floor: 1 });
  });
});

describe('a file that was another in the known-good state', () => {
  it('is suspect where its type changed', () => {
    expect(judged(text, 'a', was('png'))).toMatchObject({ verdict: 'suspect', codes: ['S331'] });
    expect(judged(ciphertext, 'a', was('png')).codes).toContain('S331');
  });

  it('is suspect where it was proved and can’t be', () => {
    const records = Buffer.from(Array.from({ length: 65_536 }, (_, i) => (i * i) & 0x3f));
    expect(judged(records, 'a.dat', was(null)).codes).toContain('S332');
    expect(judged(records, 'a.dat', was(null)).verdict).not.toBe('intact');
    expect(judged(records, 'a.dat', was(null, 'unproved')).codes).not.toContain('S332');
  });

  it('is as ever where it was edited', () => {
    const format = examine(text, { name: 'a.txt' }).evidence.identity.format!.id;
    expect(judged(text, 'a.txt', was(format))).toMatchObject({ verdict: 'intact', codes: ['I601'] });
  });
});
