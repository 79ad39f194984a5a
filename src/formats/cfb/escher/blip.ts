import type { Part } from '../part.ts';
import { examineAt, examineWithin, inflateDeclared } from '../unknown.ts';
import type { OfficeRecord } from './records.ts';

/** MS-ODRAW §2.2.22–2.2.31: pictures, by the type of their record. */
interface Blip {
  readonly extension: string;
  /** Metafiles have a header of 34 bytes, and are mostly deflated. */
  readonly isMetafile: boolean;
  /** Instances with one digest; one more has two. */
  readonly single: readonly number[];
}

const blips: ReadonlyMap<number, Blip> = new Map([
  [0xf01a, { extension: 'emf', isMetafile: true, single: [0x3d4] }],
  [0xf01b, { extension: 'wmf', isMetafile: true, single: [0x216] }],
  [0xf01c, { extension: 'pict', isMetafile: true, single: [0x542] }],
  [0xf01d, { extension: 'jpg', isMetafile: false, single: [0x46a, 0x6e2] }],
  [0xf01e, { extension: 'png', isMetafile: false, single: [0x6e0] }],
  [0xf01f, { extension: 'dib', isMetafile: false, single: [0x7a8] }],
  [0xf029, { extension: 'tif', isMetafile: false, single: [0x6e4] }],
  [0xf02a, { extension: 'jpg', isMetafile: false, single: [0x46a, 0x6e2] }],
]);

const DIGEST = 16;
const METAFILE_HEADER = 34;
const DEFLATED = 0;

/** Examines a picture as a file of its own. */
export function examineBlip(part: Part, { type, instance, start, end }: OfficeRecord): void {
  const blip = blips.get(type);
  if (blip === undefined) return;
  const { reader } = part.stream;
  const digests = blip.single.includes(instance) ? DIGEST : 2 * DIGEST;
  const name = `picture.${blip.extension}`;
  const at = start + digests + (blip.isMetafile ? METAFILE_HEADER : 1);
  if (at >= end) return;
  if (!blip.isMetafile) {
    if (blip.extension === 'dib') examineWithin(part, at, end, name);
    else examineAt(part, at, end, name);
    return;
  }
  const until = Math.min(end, at + reader.u32le(at - 6));
  if (reader.u8(at - 2) === DEFLATED) inflateDeclared(part, at, until, name);
  else examineWithin(part, at, until, name);
}
