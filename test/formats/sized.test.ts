import { bareImages } from '../../src/formats/sized/bare-images.ts';
import { cartridges } from '../../src/formats/sized/cartridges.ts';
import { headedImages } from '../../src/formats/sized/headed-images.ts';
import { labelledImages } from '../../src/formats/sized/labelled-images.ts';
import { sizedSounds } from '../../src/formats/sized/sounds.ts';
import { describeGroup } from '../support/group.ts';

/** Types of the corpus by format, where they aren't named like it. */
const types: Readonly<Record<string, readonly string[]>> = {
  'pfs-art': ['art'],
  pixar: ['pxr'],
  'nes-rom': ['nes'],
  'gimp-brush': ['gbr'],
  'gimp-pattern': ['pat'],
  'palm-bitmap': ['palm'],
  'xv-thumbnail': ['p7'],
  'im-tools': ['imt'],
  'pil-font': ['pil'],
  sndtool: ['sndt'],
  'psion-wave': ['wve'],
  'nist-sphere': ['sph'],
  dvms: ['dvms', 'vms'],
};

describeGroup(
  'formats of a header and raw data',
  [...bareImages, ...headedImages, ...labelledImages, ...sizedSounds, ...cartridges].map((format) => ({
    format,
    types: types[format.id] ?? [format.id],
  })),
);
