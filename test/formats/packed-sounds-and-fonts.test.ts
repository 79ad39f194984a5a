import { dts } from '../../src/formats/audio/dts.ts';
import { hcom } from '../../src/formats/audio/hcom.ts';
import { fastTracker, impulseTracker, screamTracker } from '../../src/formats/audio/trackers.ts';
import { dfont } from '../../src/formats/fonts/dfont.ts';
import { type1Binary } from '../../src/formats/fonts/type1.ts';
import { woff2 } from '../../src/formats/fonts/woff2.ts';
import { mlp } from '../../src/formats/lossless/mlp.ts';
import { tak } from '../../src/formats/lossless/tak.ts';
import { describeGroup } from '../support/group.ts';

describeGroup('packed sounds, modules and fonts', [
  // One of that name is a hexadecimal dump.
  { format: tak, types: ['tak'], is: (bytes) => bytes[0] === 0x74 },
  { format: mlp, types: ['mlp', 'thd'] },
  { format: hcom, types: ['hcom'] },
  { format: dts, types: ['dts'] },
  { format: impulseTracker, types: ['it'] },
  { format: screamTracker, types: ['s3m'] },
  { format: fastTracker, types: ['xm'] },
  { format: dfont, types: ['dfont'] },
  { format: type1Binary, types: ['pfb'] },
  { format: woff2, types: ['woff2'] },
]);
