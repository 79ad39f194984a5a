import { fontCollection } from '../../src/formats/sfnt/collection.ts';
import { opentype, truetype } from '../../src/formats/sfnt/sfnt.ts';
import { woff } from '../../src/formats/woff.ts';
import { describeGroup } from '../support/group.ts';

const begins = (hex: string) => (bytes: Uint8Array) => Buffer.from(bytes).toString('hex').startsWith(hex);

describeGroup('fonts', [
  { format: truetype, types: ['ttf'] },
  { format: opentype, types: ['otf'], is: begins('4f54544f') },
  { format: fontCollection, types: ['ttc'] },
  { format: woff, types: ['woff'] },
]);
