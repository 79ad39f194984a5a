import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../support/folder.ts';
import { MutableImage, mutable } from '../../../support/mutate-containers.ts';

/** Milliseconds on a busy machine. */
const SLOW = 10_000;

describe('a container with hostile fields', () => {
  it.each(mutable.map((names) => [names[0]!, names] as const))(
    '%s: gives bytes or typed errors, a map without gaps, and comes to an end',
    (_name, names) => {
      const image = new MutableImage(temporaryFolder(), names);
      expect(image.readEverything()).toBe(true);
      for (let i = 0; i < 20; i++) {
        const start = performance.now();
        image.tryOne();
        expect(performance.now() - start).toBeLessThan(SLOW);
      }
      expect(image.readEverything()).toBe(true);
    },
    120_000,
  );
});
