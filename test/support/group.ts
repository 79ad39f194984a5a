import { describe, expect, it } from 'vitest';
import type { Format } from '../../src/formats/format.ts';
import { corpusFiles, hasCorpus } from './corpus.ts';
import { fixtures } from './fixtures.ts';
import { add, overwrite, type Tally } from './overwrites.ts';
import { contradictions, verifyAlone } from './verify.ts';

/** One format of a group that is tested alike, and the types of the corpus that hold it. */
export interface Member {
  readonly format: Format;
  readonly types: readonly string[];
  /** Files of these types that are this format, where others share the type. */
  readonly is?: (bytes: Uint8Array, name: string) => boolean;
}

const nothing: Tally = { overwrites: 0, noticed: 0, open: 0, belowFloor: 0, missed: 0 };

/** Real files without contradiction, broken ones without failure, and no overwrite missed above the floor. */
export function describeGroup(title: string, members: readonly Member[]): void {
  describe.each(members.map((member) => ({ ...member, id: member.format.id })))(`${title}: $id`, (member) => {
    const { format, types, is = () => true } = member;

    it.skipIf(!hasCorpus)('finds nothing wrong with genuine files', () => {
      for (const { name, bytes } of corpusFiles('genuine', ...types)) {
        if (!is(bytes, name)) continue;
        expect({ name, wrong: contradictions(verifyAlone(format, bytes)) }).toEqual({ name, wrong: [] });
      }
    });

    it.skipIf(!hasCorpus)('comes to an end with malformed files', () => {
      for (const { bytes } of corpusFiles('malformed', ...types)) verifyAlone(format, bytes);
    });

    it('notices random bytes longer than the floor wherever it claims a proof', () => {
      const mine = [...fixtures()].filter((fixture) => fixture.format === format.id);
      for (const length of [4, 16, 64, 512]) {
        let tally = nothing;
        for (const { bytes } of mine) tally = add(tally, overwrite(format, bytes, length, 40));
        expect({ length, missed: tally.missed }).toEqual({ length, missed: 0 });
      }
    });
  });
}
