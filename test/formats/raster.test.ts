import { dds } from '../../src/formats/raster/dds.ts';
import { netpbm } from '../../src/formats/raster/netpbm.ts';
import { pam, pfm } from '../../src/formats/raster/pam.ts';
import { pcx } from '../../src/formats/raster/pcx.ts';
import { qoi } from '../../src/formats/raster/qoi.ts';
import { sgi } from '../../src/formats/raster/sgi.ts';
import { sunRaster } from '../../src/formats/raster/sun.ts';
import { tga } from '../../src/formats/raster/tga.ts';
import { describeGroup } from '../support/group.ts';

const isAnymap = (bytes: Uint8Array) => bytes[0] === 0x50;

describeGroup('plain images', [
  { format: netpbm, types: ['pbm', 'pgm', 'ppm', 'pnm'], is: isAnymap },
  { format: pam, types: ['pam'] },
  { format: pfm, types: ['pfm'] },
  { format: qoi, types: ['qoi'] },
  { format: tga, types: ['tga'] },
  { format: sgi, types: ['sgi', 'rgb'] },
  { format: sunRaster, types: ['sun', 'ras'] },
  { format: pcx, types: ['pcx'] },
  { format: dds, types: ['dds'] },
]);
