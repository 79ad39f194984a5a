import { describe, expect, it } from 'vitest';
import { tiff } from '../../../src/formats/tiff/tiff.ts';
import { describeFamily } from '../../support/family.ts';
import { fixtures } from '../../support/fixtures.ts';
import { random } from '../../support/overwrites.ts';
import { contradictions, verifyAlone } from '../../support/verify.ts';

describeFamily(tiff, ['tiff', 'btf', 'dng', 'iiq', 'gs-tiffg4', 'arw', 'nef'], 20);

const intact = new Map(
  [...fixtures()].filter(({ format }) => format === 'tiff').map((file) => [file.name, file.bytes]),
);
const named = (name: string): Uint8Array => intact.get(name)!;

function scramble(file: Uint8Array, at: number, length: number): Uint8Array {
  const next = random(at + length);
  return file.map((byte, i) => (i >= at && i < at + length ? next() * 256 : byte));
}

describe('tiff', () => {
  it.each(['deflate.tif', 'lzw.tif', 'packbits.tif', 'jpeg.tif', 'group4.tif'])(
    'decodes every strip of %s',
    (name) => {
      const ledger = verifyAlone(tiff, named(name));
      const { checksum, decoder, unaccounted } = ledger.totals();
      expect(contradictions(ledger)).toEqual([]);
      expect(checksum + decoder).toBeGreaterThan(0.9 * ledger.size);
      expect(unaccounted).toBe(0);
    },
  );

  it('contradicts one changed byte under Adler-32', () => {
    const file = Uint8Array.from(named('deflate.tif'));
    file[500] = file[500]! ^ 1;
    expect(contradictions(verifyAlone(tiff, file))).toHaveLength(1);
  });

  it('goes on with the other strips where one is broken', () => {
    const file = Uint8Array.from(named('deflate.tif'));
    file[500] = file[500]! ^ 1;
    expect(verifyAlone(tiff, file).totals().checksum).toBeGreaterThan(2000);
  });

  it.each(['lzw.tif', 'packbits.tif'])('notices 1024 random bytes in %s', (name) => {
    for (let at = 8; at < 2000; at += 100) {
      expect(contradictions(verifyAlone(tiff, scramble(named(name), at, 1024))).length).toBeGreaterThan(0);
    }
  });

  it('declares uncompressed pixels raw', () => {
    expect(verifyAlone(tiff, named('plain.tif')).totals().raw).toBe(4096);
  });

  it('ends where directories lead to each other in a circle', () => {
    const file = Buffer.from(named('plain.tif'));
    const directory = file.readUInt32BE(4);
    file.writeUInt32BE(directory, directory + 2 + 12 * file.readUInt16BE(directory));
    expect(verifyAlone(tiff, file).observations).toMatchObject([
      { kind: 'oddity', what: 'directory linked twice' },
    ]);
  });

  it('names what is appended, trailing', () => {
    const longer = Buffer.concat([named('plain.tif'), Buffer.from('appended')]);
    expect(verifyAlone(tiff, longer).observations).toMatchObject([{ kind: 'trailing' }]);
  });
});
