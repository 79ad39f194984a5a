import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { accountTail } from '../tail.ts';

const KTX_HEADER = 64;
const MOST_LEVELS = 32;

export const ktx: Format = {
  id: 'ktx',
  title: 'Khronos texture',
  extensions: ['ktx'],
  signatures: [{ at: 0, hex: 'ab4b5458203131bb0d0a1a0a' }],
  spec: 'Khronos KTX File Format Specification, section 2',
  proof: 'header; levels end exactly, by their sizes; texels by contrast',
  texture: 'packed',
  verify(reader, ledger): void {
    const isLittle = reader.u32le(12, 'byte order') === 0x04030201;
    const u32 = (at: number) => (isLittle ? reader.u32le(at, 'KTX') : reader.u32be(at, 'KTX'));
    if (u32(12) !== 0x04030201) throw new Broken(12, 'byte order', '04030201', u32(12));
    const [elements, faces, levels] = [u32(48), u32(52), Math.max(1, u32(56))];
    if ((faces !== 1 && faces !== 6) || levels > MOST_LEVELS)
      throw new Broken(52, 'faces and levels', `1 or 6, up to ${MOST_LEVELS}`, `${faces}, ${levels}`);
    ledger.account(0, KTX_HEADER, 'structure', 'header', 32);
    const start = KTX_HEADER + u32(60);
    ledger.raw(KTX_HEADER, Math.min(start, reader.size), 'keys and values');
    // A cube that is no array states the size of one face.
    const copies = faces === 6 && elements === 0 ? 6 : 1;
    const sizeAt = (at: number) => Math.ceil(u32(at) / 4) * 4 * copies;
    accountTail(reader, ledger, accountLevels(reader, ledger, { start, levels, sizeAt }));
  },
};

export const ftex: Format = {
  id: 'independence-war-texture',
  title: 'Independence War texture',
  extensions: ['ftc', 'ftu'],
  signatures: [{ at: 0, hex: '4654455801' }],
  spec: 'Pillow source, FtexImagePlugin.py',
  proof: 'header; levels end exactly, by their sizes; texels by contrast',
  texture: 'packed',
  verify(reader, ledger): void {
    const [levels, formats, start] = [reader.u32le(16), reader.u32le(20), reader.u32le(28, 'header')];
    if (levels < 1 || levels > MOST_LEVELS || formats !== 1)
      throw new Broken(16, 'levels and formats', `1 to ${MOST_LEVELS}, 1`, `${levels}, ${formats}`);
    if (start < 32) throw new Broken(28, 'offset of the first level', '32 at least', start);
    ledger.account(0, 32, 'structure', 'header', 16);
    const sizeAt = (at: number) => reader.u32le(at, 'size of a level');
    accountTail(reader, ledger, accountLevels(reader, ledger, { start, levels, sizeAt }));
  },
};

interface Levels {
  readonly start: number;
  readonly levels: number;
  readonly sizeAt: (at: number) => number;
}

/** A size of 32 bits before each level. Returns where the last one ends. */
function accountLevels(reader: Reader, ledger: Ledger, { start, levels, sizeAt }: Levels): number {
  let at = start;
  for (let level = 0; level < levels; level++) {
    reader.meter.step();
    const end = at + 4 + sizeAt(at);
    if (end > reader.size) throw new Truncated(reader.size, 'level', end - reader.size);
    ledger.account(at, at + 4, 'structure', 'size of a level');
    ledger.raw(at + 4, end, 'texels');
    at = end;
  }
  return at;
}
