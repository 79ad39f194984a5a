import { describe, expect, it } from 'vitest';
import { Random } from '../../../bench/attacks/random.ts';
import type { Examination } from '../../../src/examine/examination.ts';
import { examine } from '../../../src/examine/examine.ts';
import { formats } from '../../../src/formats/table.ts';
import { fixtures } from '../../support/fixtures.ts';

const all = [...fixtures()];
const isSafe = ({ judgement }: Examination) => judgement.restore === 'yes';

describe('the table of formats', () => {
  it('has each id once, and extensions in lower case', () => {
    const ids = formats.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { extensions } of formats) {
      for (const extension of extensions) expect(extension).toMatch(/^[a-z0-9_+~!$.-]+$/);
    }
  });

  it('has a fixture for every format', () => {
    const covered = new Set(all.map(({ format }) => format));
    expect(formats.map(({ id }) => id).filter((id) => !covered.has(id))).toEqual([]);
  });
});

describe('noise', () => {
  const extensions = [...new Set(formats.flatMap((format) => format.extensions))];
  const random = new Random(20);

  it.each([17, 24, 31, 64, 333, 2577])('of %i bytes is safe by no extension', (size) => {
    const safe = extensions.filter((extension) =>
      isSafe(examine(random.bytes(size), { name: `noise.${extension}` })),
    );
    expect(safe).toEqual([]);
  });
});
