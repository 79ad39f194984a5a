import { Broken } from '../../bytes/errors.ts';
import type { Format } from '../format.ts';
import { type Box, readBox } from '../isobmff/boxes.ts';
import { accountLeaf, type Surroundings } from '../isobmff/leaves.ts';
import { accountMedia } from '../isobmff/media.ts';
import { walkTree } from '../isobmff/tree.ts';
import { examineStored } from '../stored.ts';
import { accountTail } from '../tail.ts';
import { accountExif } from '../tiff/exif.ts';
import { examineTrimmed } from '../trimmed.ts';
import { accountCodestream } from './codestream.ts';

export const j2k: Format = {
  id: 'j2k',
  title: 'JPEG 2000 codestream',
  extensions: ['j2k', 'j2c', 'jpc'],
  signatures: [{ at: 0, hex: 'ff4fff51' }],
  spec: 'ITU-T T.800, annex A',
  proof: 'markers lead from tile-part to tile-part; what the arithmetic coder made stays unproved',
  texture: 'dense',
  verify(reader, ledger, context): void {
    const end = accountCodestream({ reader, ledger, context, start: 0, end: reader.size });
    accountTail(reader, ledger, end);
  },
};

export const jp2: Format = {
  id: 'jp2',
  title: 'JPEG 2000 file',
  extensions: ['jp2', 'jpx', 'jpf', 'jpm', 'mj2'],
  signatures: [{ at: 0, hex: '0000000c6a5020200d0a870a' }],
  spec: 'ITU-T T.800, annex I; T.801, annex M',
  proof:
    'boxes tile the file, markers lead from tile-part to tile-part; what the arithmetic coder made stays unproved',
  texture: 'dense',
  verify(reader, ledger, context): void {
    // Motion JPEG 2000 is a movie.
    if (reader.has(20, 'mjp2') || reader.has(20, 'mj2s')) {
      accountMedia(reader, ledger, context);
      return;
    }
    const at = { reader, ledger, context };
    let codestreams = 0;
    const open = (box: Box) => (containers.has(box.type) ? box.body : null);
    walkTree(at, { start: 0, end: endOfBoxes(at) }, open, (box, _parents, isLeaf) => {
      if (isLeaf) codestreams += accountBox(at, box);
    });
    if (codestreams === 0) throw new Broken(0, 'codestream', 'at least one', 'none');
  },
};

/** Superboxes of JP2, JPX and JPM. */
const containers = new Set([
  'jp2h',
  'res ',
  'uinf',
  'asoc',
  'jpch',
  'jplh',
  'cgrp',
  'ftbl',
  'comp',
  'drep',
  'page',
  'lobj',
  'objc',
  'pcol',
]);

/** What follows the last whole box: zeros, or something foreign. */
function endOfBoxes({ reader, ledger }: Surroundings): number {
  let at = 0;
  let seen = false;
  while (at < reader.size) {
    reader.meter.step();
    try {
      const box = readBox(reader, at, reader.size);
      seen ||= box.type === 'jp2c' || box.type === 'mdat';
      at = box.end;
    } catch (error) {
      if (!(error instanceof Broken) || !seen) throw error;
      accountTail(reader, ledger, at);
      return at;
    }
  }
  return at;
}

function accountBox(at: Surroundings, box: Box): number {
  const { ledger } = at;
  const place = { ...at, start: box.body, end: box.end };
  try {
    if (box.type === 'jp2c') {
      const end = accountCodestream(place);
      if (end < box.end) ledger.raw(end, box.end, 'behind the codestream');
      return 1;
    }
    if (box.type === 'jP  ' || box.type === 'ihdr')
      ledger.account(box.body, box.end, 'structure', `box ${box.type}`, 16);
    else if (box.type === 'xml ') examineTrimmed(place, 'metadata.xml');
    else if (box.type === 'colr') accountColour(at, box);
    else if (box.type === 'uuid') accountUuid(at, box);
    else accountLeaf(at, box);
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    ledger.broken(error, box.end);
    return box.type === 'jp2c' ? 1 : 0;
  }
  return box.type === 'mdat' || box.type === 'ftbl' ? 1 : 0;
}

/** Section I.5.3.3: an enumerated colour space, or an ICC profile. */
function accountColour(at: Surroundings, box: Box): void {
  const method = at.reader.u8(box.body, 'colour method');
  const fields = Math.min(box.end, box.body + 3);
  at.ledger.account(box.body, fields, 'structure', 'colour method', 4);
  if (method === 2 || method === 3) examineStored({ ...at, start: fields, end: box.end }, 'profile.icc');
  else at.ledger.raw(fields, box.end, 'colour space');
}

function accountUuid(at: Surroundings, box: Box): void {
  const id = Buffer.from(at.reader.bytes(box.body - 16, 16));
  // `JpgTiffExif->JP2`.
  if (id.toString('latin1') === 'JpgTiffExif->JP2') accountExif({ ...at, start: box.body, end: box.end });
  else accountLeaf(at, box);
}
