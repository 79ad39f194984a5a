import { expect, it } from 'vitest';
import { gitBundle } from '../../src/formats/git/bundle.ts';
import { verifyDelta } from '../../src/formats/git/delta.ts';
import { gitObject } from '../../src/formats/git/object.ts';
import { gitPack } from '../../src/formats/git/pack.ts';
import {
  gitBitmap,
  gitCommitGraph,
  gitIndex,
  gitMultiPackIndex,
  gitPackIndex,
  gitReverseIndex,
} from '../../src/formats/git/sealed.ts';
import { describeGroup } from '../support/group.ts';

describeGroup('git', [
  { format: gitPack, types: ['pack'] },
  { format: gitBundle, types: ['git-bundle'] },
  { format: gitIndex, types: ['git-index'] },
  { format: gitPackIndex, types: ['git-idx'] },
  { format: gitMultiPackIndex, types: ['git-midx'] },
  { format: gitCommitGraph, types: ['git-commit-graph'] },
  { format: gitReverseIndex, types: ['rev'] },
  { format: gitBitmap, types: ['git-bitmap'] },
  { format: gitObject, types: [] },
]);

it('refuses a delta that copies from behind its base', () => {
  verifyDelta(Uint8Array.from([4, 3, 0x90, 3]), 0);
  expect(() => verifyDelta(Uint8Array.from([4, 5, 0x90, 5]), 0)).toThrow(/copy from a base/);
  expect(() => verifyDelta(Uint8Array.from([4, 4, 0x90, 3]), 0)).toThrow(/result/);
});
