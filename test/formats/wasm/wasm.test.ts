import { describe, expect, it } from 'vitest';
import { wasm } from '../../../src/formats/wasm/wasm.ts';
import { describeFamily } from '../../support/family.ts';
import { contradictions, fixture, verifyAlone } from '../../support/verify.ts';

describeFamily(wasm, ['wasm'], 40);

describe('wasm', () => {
  const module = fixture('wasm', 'm.wasm');

  it('keeps a module that the engine refuses from being proved', () => {
    const bytes = Uint8Array.from(module);
    // An end of a body less.
    bytes[bytes.lastIndexOf(0x0b)] = 0x01;
    const { observations } = verifyAlone(wasm, bytes);
    expect(observations.some(({ kind }) => kind === 'unexamined' || kind === 'broken')).toBe(true);
  });

  it('says that a module is cut short', () => {
    expect(contradictions(verifyAlone(wasm, module.subarray(0, module.length - 1)))).toMatchObject([
      { kind: 'truncated' },
    ]);
  });
});
