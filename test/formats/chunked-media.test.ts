import { icns, itunesArtwork } from '../../src/formats/apple-icons.ts';
import { dsdiff, dsf } from '../../src/formats/audio/dsd.ts';
import { gsm } from '../../src/formats/audio/gsm.ts';
import { plan9Font } from '../../src/formats/plan9-font.ts';
import { networkGraphics } from '../../src/formats/png/network-graphics.ts';
import { dcx } from '../../src/formats/raster/dcx.ts';
import { radiance } from '../../src/formats/raster/radiance.ts';
import { sixel } from '../../src/formats/raster/sixel.ts';
import { ftex, ktx } from '../../src/formats/raster/textures.ts';
import { dv } from '../../src/formats/video/dv.ts';
import { flic } from '../../src/formats/video/flic.ts';
import { y4m } from '../../src/formats/video/y4m.ts';
import { describeGroup } from '../support/group.ts';

describeGroup('images, sounds and videos of few kinds of parts', [
  { format: icns, types: ['icns'] },
  { format: itunesArtwork, types: ['itc'] },
  { format: dsf, types: ['dsf'] },
  { format: dsdiff, types: ['dff'] },
  { format: gsm, types: ['gsm'] },
  { format: plan9Font, types: ['plan9-font'] },
  ...networkGraphics.map((format) => ({ format, types: [format.id] })),
  { format: dcx, types: ['dcx'] },
  { format: radiance, types: ['hdr'], is: (bytes) => bytes[0] === 0x23 },
  { format: sixel, types: ['sixel'] },
  { format: ktx, types: ['ktx'] },
  { format: ftex, types: ['ftc', 'ftu'] },
  { format: flic, types: ['fli'] },
  { format: dv, types: ['dv'] },
  { format: y4m, types: ['y4m'] },
]);
