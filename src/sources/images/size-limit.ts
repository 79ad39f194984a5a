import { Broken } from '../../bytes/errors.ts';

/** No disk that exists is larger, in bytes: 64 TiB. */
const MOST_SIZE = 2 ** 46;

/** @throws Broken unless the size that an image promises is one that a disk may have. */
export function checkDiskSize(size: number, at: number): number {
  if (size > MOST_SIZE) throw new Broken(at, 'size of the disk', `at most ${MOST_SIZE} bytes`, size);
  return size;
}
