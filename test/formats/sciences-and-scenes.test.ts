import { threeDs } from '../../src/formats/3ds.ts';
import { blender } from '../../src/formats/blender.ts';
import { dicom } from '../../src/formats/dicom/dicom.ts';
import { fbx } from '../../src/formats/fbx.ts';
import { fits } from '../../src/formats/fits.ts';
import { hdf5 } from '../../src/formats/hdf5/hdf5.ts';
import { describeGroup } from '../support/group.ts';

/** Blender compresses whole files, too. */
const isBlend = (bytes: Uint8Array) => bytes[0] === 0x42;

/** The text form shares the extension. */
const isBinaryScene = (bytes: Uint8Array) => bytes[0] === 0x4b;

describeGroup('sciences and scenes', [
  { format: hdf5, types: ['hdf5'] },
  { format: fits, types: ['fits'] },
  { format: blender, types: ['blend'], is: isBlend },
  { format: dicom, types: ['dcm'] },
  { format: fbx, types: ['fbx'], is: isBinaryScene },
  { format: threeDs, types: ['3ds'] },
]);
