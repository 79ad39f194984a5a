import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context, Format } from '../format.ts';
import { accountResources } from '../psd/resources.ts';
import { examineStored, type Place } from '../stored.ts';
import { accountTail, isZeroFilled } from '../tail.ts';
import { type Ifd, tiffHeader } from './ifd.ts';
import { accountImage } from './image.ts';
import { tags } from './tags.ts';
import { walkDirectories } from './walk.ts';

export const tiff: Format = {
  id: 'tiff',
  title: 'Tagged Image File Format, and raw photos in it',
  extensions: [
    ...[
      'tif',
      'tiff',
      'btf',
      'tf8',
      'dng',
      'nef',
      'nrw',
      'cr2',
      'arw',
      'sr2',
      'srf',
      'srw',
      'pef',
      'orf',
      'rw2',
    ],
    ...[
      'rwl',
      '3fr',
      'fff',
      'iiq',
      'erf',
      'mef',
      'mos',
      'kdc',
      'dcr',
      'k25',
      'raw',
      'gpr',
      'svs',
      'ndpi',
      'lsm',
      'zif',
    ],
    ...['exif', 'thm'],
  ],
  signatures: [
    { at: 0, hex: '49492a00' },
    { at: 0, hex: '4d4d002a' },
    { at: 0, hex: '49492b000800' },
    { at: 0, hex: '4d4d002b0008' },
    { at: 0, hex: '4949524f' },
    { at: 0, hex: '49495253' },
    { at: 0, hex: '4d4d4f52' },
    { at: 0, hex: '49495500' },
  ],
  spec: 'TIFF 6.0; Adobe technical notes 1–3; BigTIFF; DNG 1.7; Exif 2.32',
  proof:
    'directories by their types and order; compressed strips and tiles decoded to the last row; uncompressed ' +
    'pixels and maker notes by contrast; gaps stay unaccounted',
  texture: 'packed',
  verify(reader: Reader, ledger: Ledger, context: Context): void {
    const header = tiffHeader(reader, 0);
    if (header === null) throw new Broken(0, 'TIFF header', 'II or MM and 42 or 43');
    ledger.account(0, header.length, 'structure', 'TIFF header');
    const place = { reader, ledger, context, start: 0, end: reader.size };
    const grammars = new Map([[tags.resources, accountResources]]);
    const image = (ifd: Ifd): void => accountImage(place, header, ifd);
    walkDirectories(place, header, { image, grammars });
    accountGaps(reader, ledger);
    const isWhole = ledger.observations.every(({ kind }) => kind !== 'broken' && kind !== 'truncated');
    if (isWhole) accountBehind(place, ledger.segments().findLast(isKnown)?.end ?? header.length);
  },
};

/** Panasonic's raw photos keep their samples where a tag of their own says, to the end. */
const PANASONIC = 'IIU\0';

/** Behind all that directories lead to; maker notes may lead to a preview there. */
function accountBehind(place: Place, at: number): void {
  const { reader, ledger, end } = place;
  if (reader.has(0, PANASONIC)) ledger.coded(at, end, 'samples');
  else if (reader.has(at, [0xff, 0xd8, 0xff])) examineStored({ ...place, start: at }, 'preview.jpg');
  else accountTail(reader, ledger, at);
}

/** Writers align, and leave space where values grew: zeros are padding, the rest stays unaccounted. */
function accountGaps(reader: Reader, ledger: Ledger): void {
  for (const { start, end } of ledger.ranges('unaccounted')) {
    if (isZeroFilled(reader, start, end)) ledger.account(start, end, 'padding', 'unused space');
  }
}

function isKnown({ state }: { readonly state: string }): boolean {
  return state !== 'unaccounted';
}
