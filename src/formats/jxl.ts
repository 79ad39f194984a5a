import { Broken } from '../bytes/errors.ts';
import type { Format } from './format.ts';
import { type Box, readBox } from './isobmff/boxes.ts';
import { accountLeaf, type Surroundings } from './isobmff/leaves.ts';
import { accountExif } from './tiff/exif.ts';
import { examineTrimmed } from './trimmed.ts';

const CODESTREAM = [0xff, 0x0a];

export const jxl: Format = {
  id: 'jxl',
  title: 'JPEG XL',
  extensions: ['jxl'],
  signatures: [
    { at: 0, hex: '0000000c4a584c200d0a870a' },
    { at: 0, hex: 'ff0a' },
  ],
  spec: 'ISO/IEC 18181-2, section 9; ISO/IEC 18181-1, annex D',
  proof: 'boxes tile the file, metadata are examined; what the entropy coder made stays unproved',
  texture: 'dense',
  verify(reader, ledger, context): void {
    if (reader.has(0, CODESTREAM)) {
      ledger.account(0, CODESTREAM.length, 'structure', 'codestream signature');
      ledger.coded(CODESTREAM.length, reader.size, 'codestream');
      return;
    }
    let codestreams = 0;
    for (let at = 0; at < reader.size; ) {
      reader.meter.step();
      const box = readBox(reader, at, reader.size);
      ledger.account(box.start, box.body, 'structure', 'box header', 8);
      codestreams += accountBox({ reader, ledger, context }, box);
      at = box.end;
    }
    if (codestreams === 0) throw new Broken(0, 'codestream', 'at least one', 'none');
  },
};

function accountBox(at: Surroundings, box: Box): number {
  try {
    return accountContent(at, box);
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    at.ledger.broken(error, box.end);
    return 0;
  }
}

/** Gives how many codestreams, or pieces of one, stand in the box. */
function accountContent(at: Surroundings, { type, body, end, start }: Box): number {
  const { reader, ledger } = at;
  if (type === 'jxlc' || type === 'jxlp') {
    const data = type === 'jxlp' ? body + 4 : body;
    if (data > end) throw new Broken(start, 'jxlp box', 'at least 4 bytes', end - body);
    ledger.account(body, data, 'structure', 'number of the piece');
    ledger.coded(data, end, 'codestream');
    return 1;
  }
  if (type === 'Exif') {
    const header = body + 4 + reader.u32be(body, 'Exif header offset');
    if (header > end) throw new Broken(body, 'Exif header offset', 'inside the box', header - body);
    ledger.account(body, body + 4, 'structure', 'Exif header offset');
    accountExif({ ...at, start: header, end });
  } else if (type === 'xml ') examineTrimmed({ ...at, start: body, end }, 'metadata.xmp');
  else if (type === 'jbrd' || type === 'brob') ledger.coded(body, end, `box ${type}`);
  else if (type === 'JXL ') ledger.account(body, end, 'structure', 'signature');
  else accountLeaf(at, { type, body, end, start });
  return 0;
}
