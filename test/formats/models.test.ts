import { chunkedModels } from '../../src/formats/models/chunked-models.ts';
import { gameModels, milkshape, usdCrate } from '../../src/formats/models/game-models.ts';
import { m3d } from '../../src/formats/models/m3d.ts';
import { ply } from '../../src/formats/models/ply.ts';
import { describeGroup } from '../support/group.ts';

const types: Readonly<Record<string, readonly string[]>> = {
  blitz3d: ['b3d'],
  silo: ['sib'],
  truespace: ['cob'],
  'half-life-model': ['mdl'],
  'unreal-3d': ['3d'],
  milkshape: ['ms3d'],
};

describeGroup(
  '3D models',
  [...chunkedModels, ...gameModels, milkshape, usdCrate, m3d, ply].map((format) => ({
    format,
    types: types[format.id] ?? [format.id],
    is: (bytes) => format.id !== 'truespace' || bytes[15] === 0x42,
  })),
);
