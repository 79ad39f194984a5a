import { describe, expect, it } from 'vitest';
import { BufferSource } from '../../../../../src/bytes/source.ts';
import { fileSystems } from '../../../../../src/sources/images/file-systems/table.ts';
import { unpackImage } from '../../../../support/image-fixtures.ts';
import { type Area, mutateVolume, readVolume } from '../../../../support/mutate-volume.ts';

/** Milliseconds on a busy machine. */
const SLOW = 10_000;
const ROUNDS = 120;

/** Superblock and descriptors, and whatever the entries say of inodes, names and blocks of pointers. */
function structures(bytes: Buffer): Area[] {
  const volume = new BufferSource(bytes);
  const [format] = fileSystems.filter((candidate) => candidate.recognise(volume));
  const places = [...format!.open(volume).entries()].flatMap((entry) => [
    ...entry.metadata,
    ...(entry.kind === 'folder' ? entry.extents() : []).flatMap((extent) =>
      extent.kind === 'data' ? [{ start: extent.at, end: extent.at + 128 }] : [],
    ),
  ]);
  return [
    { start: 1024, end: 2048 },
    { start: 1024, end: 1024 + 400 },
    { start: 2048, end: 2176 },
    ...places,
  ];
}

describe('a mutated ext', () => {
  it.each(['ext2', 'ext4', 'ext4-inline'])(
    'gives entries or typed errors for hostile fields of %s, and comes to an end',
    (name) => {
      const genuine = unpackImage(name);
      const areas = structures(genuine);
      for (let i = 0; i < ROUNDS; i++) {
        const bytes = Buffer.from(genuine);
        for (let n = 0; n <= i % 4; n++) mutateVolume(bytes, areas);
        const start = performance.now();
        readVolume(bytes);
        expect(performance.now() - start).toBeLessThan(SLOW);
      }
    },
    120_000,
  );
});
