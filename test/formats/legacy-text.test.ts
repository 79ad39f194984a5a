import { describe, expect, it } from 'vitest';
import { isLegacyText } from '../../src/formats/legacy-text.ts';
import { random } from '../support/overwrites.ts';

describe('isLegacyText', () => {
  it.each([
    ['UTF-8', 'Z\xc3\xbcrich'],
    ['Latin-1', 'Universit\xe4t Z\xfcrich'],
    ['windows-1251', '\xcf\xf0\xee\xf2\xee\xea\xee\xeb 7'],
    ['GB 2312', '\xc4\xe3\xba\xc3\xca\xc0\xbd\xe7'],
    ['Shift-JIS', '\x82\x6c\x82\x72 \x96\xbe\x92\xa9'],
  ])('accepts %s', (_, text) => {
    expect(isLegacyText(text)).toBe(true);
  });

  it('accepts 16 random bytes less than once in five hundred', () => {
    const next = random(0x1234567);
    const noise = () =>
      Array.from({ length: 16 }, () => String.fromCharCode(Math.floor(next() * 256))).join('');
    let accepted = 0;
    for (let i = 0; i < 20_000; i++) if (isLegacyText(noise())) accepted++;
    expect(accepted).toBeLessThan(40);
  });
});
