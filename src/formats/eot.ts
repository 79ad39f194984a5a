import { Broken } from '../bytes/errors.ts';
import type { Format } from './format.ts';
import { accountTextOrRaw } from './short-text.ts';
import { examineStored } from './stored.ts';

const FIXED = 82;
/** Flags of section 3. */
const COMPRESSED = 0x4;
const XOR = 0x10000000;

export const eot: Format = {
  id: 'eot',
  title: 'Embedded OpenType',
  extensions: ['eot', 'fntdata'],
  signatures: ['000001', '010002', '020002'].map((version) => ({
    at: 8,
    hex: `${version}${'00'.repeat(23)}4c50`,
    mask: `ffffffff${'00'.repeat(22)}ffff`,
  })),
  spec: 'W3C Embedded OpenType submission, sections 3 and 4',
  proof:
    'lengths of header and font agree with the file; the font by its own checksums unless it’s compressed',
  texture: 'plain',
  verify(reader, ledger, context): void {
    const size = reader.u32le(0, 'size of the file');
    const fontSize = reader.u32le(4, 'size of the font');
    if (size !== reader.size || fontSize > size - FIXED)
      throw new Broken(0, 'sizes of file and font', `${reader.size}, less than it`, `${size}, ${fontSize}`);
    reader.expect(34, 'LP', 'EOT magic');
    const start = size - fontSize;
    ledger.account(0, 36, 'structure', 'header', 26);
    ledger.raw(36, FIXED, 'ranges and sum');
    // Names in UTF-16, each behind its length.
    accountTextOrRaw(reader, ledger, FIXED, start, 'names');
    const flags = reader.u32le(12);
    if ((flags & (COMPRESSED | XOR)) === 0)
      examineStored({ reader, ledger, context, start, end: size }, 'font.ttf');
    else {
      ledger.coded(start, size, 'font');
      ledger.unexamined(start, size, 'compressed by MicroType Express, or under the XOR of the format');
    }
  },
};
