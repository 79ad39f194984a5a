import { avro } from '../../src/formats/avro/avro.ts';
import { matlab4 } from '../../src/formats/matlab/level4.ts';
import { matlab } from '../../src/formats/matlab/level5.ts';
import { netcdf } from '../../src/formats/netcdf/netcdf.ts';
import { npy } from '../../src/formats/npy.ts';
import { describeGroup } from '../support/group.ts';

const isLevel5 = (bytes: Uint8Array) => bytes[0] === 0x4d;
const isClassic = (bytes: Uint8Array) => bytes[0] === 0x43;

describeGroup('arrays and records', [
  { format: npy, types: ['npy'] },
  { format: matlab, types: ['mat'], is: isLevel5 },
  { format: matlab4, types: ['mat'], is: (bytes) => !isLevel5(bytes) },
  { format: netcdf, types: ['nc'], is: isClassic },
  { format: avro, types: ['avro'] },
]);
