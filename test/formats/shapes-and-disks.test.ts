import { dbf } from '../../src/formats/dbf.ts';
import { qcow2 } from '../../src/formats/disks/qcow2.ts';
import { vdi } from '../../src/formats/disks/vdi.ts';
import { vhd } from '../../src/formats/disks/vhd.ts';
import { glb } from '../../src/formats/glb.ts';
import { shapefile } from '../../src/formats/shapefile.ts';
import { stl } from '../../src/formats/stl.ts';
import { describeGroup } from '../support/group.ts';

/** One of the corpus holds only the first 4 KiB; AutoCAD's shapes share the extension. */
const isWhole = (bytes: Uint8Array) => bytes[2] === 0x27 && bytes.length !== 4096;
const isBinary = (bytes: Uint8Array) =>
  bytes.length > 84 && Buffer.from(bytes).readUInt32LE(80) * 50 + 84 === bytes.length;

describeGroup('shapes, tables and disks', [
  { format: dbf, types: ['dbf'] },
  { format: shapefile, types: ['shp', 'shx'], is: isWhole },
  { format: glb, types: ['glb'] },
  { format: stl, types: ['stl'], is: isBinary },
  { format: vhd, types: ['vhd'] },
  { format: vdi, types: ['vdi'] },
  { format: qcow2, types: ['qcow2'] },
]);
