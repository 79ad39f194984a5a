import { threeDs } from '../../src/formats/3ds.ts';
import { blender } from '../../src/formats/blender.ts';
import { fits } from '../../src/formats/fits.ts';
import { describeGroup } from '../support/group.ts';

/** Blender compresses whole files, too. */
const isBlend = (bytes: Uint8Array) => bytes[0] === 0x42;

describeGroup('sciences and scenes', [
  { format: fits, types: ['fits'] },
  { format: blender, types: ['blend'], is: isBlend },
  { format: threeDs, types: ['3ds'] },
]);
