import { describe, expect, it } from 'vitest';
import { fold } from '../../src/signs/interleaving.ts';
import { corpusFiles } from '../support/corpus.ts';
import { randomBytes, randomFill } from '../support/random.ts';

const text = (length: number) =>
  Buffer.alloc(length, 'We hold these truths to be self-evident, that all men are created equal\n');

function stripe(bytes: Uint8Array, on: number, period: number, from: number): Uint8Array {
  for (let at = from; at < bytes.length; at += period) randomFill(bytes, at, Math.min(on, bytes.length - at));
  return bytes;
}

describe('folding', () => {
  it('finds period, phase and length of LockFile stripes', () => {
    expect(fold(stripe(text(65_536), 16, 32, 16), 0)).toMatchObject({
      kind: 'striped',
      stripes: { period: 32, phase: 16, on: 16 },
    });
  });

  it('finds those of Black Basta, counted from the start of the file', () => {
    const bytes = stripe(text(65_536 + 1000), 64, 192, 0).subarray(1000);
    expect(fold(bytes, 1000)).toMatchObject({ kind: 'striped', stripes: { period: 192, phase: 0, on: 64 } });
  });

  it('finds stripes at odd offsets, but for the granules that they share', () => {
    const outcome = fold(stripe(text(65_536), 64, 256, 13), 0);
    expect(outcome).toMatchObject({ kind: 'striped', stripes: { period: 256, phase: 16 } });
  });

  it('is clear over genuine plain files', () => {
    for (const { name, bytes } of corpusFiles(
      'genuine',
      'csv',
      'json',
      'html',
      'evtx',
      'sqlite',
      'wav',
      'bmp',
    )) {
      for (let at = 0; at + 16_384 < bytes.length; at += 65_536) {
        expect(fold(bytes.subarray(at, at + 65_536), at).kind, name).not.toBe('striped');
      }
    }
  });

  it('is clear over one value, and blind over random bytes', () => {
    expect(fold(new Uint8Array(65_536), 0).kind).toBe('clear');
    expect(fold(randomBytes(8192), 0).kind).toBe('blind');
  });
});
