import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { accountGaps } from '../gaps.ts';
import { type SizedLayout, sizedFormats } from '../sized/sized.ts';
import { accountTail } from '../tail.ts';

/** Models whose header says how long the file or its parts are. */
export const gameModels = sizedFormats([
  {
    id: 'half-life-model',
    title: 'Half-Life and Source model',
    extensions: [],
    signatures: [
      { at: 0, hex: '4944535400000000', mask: 'ffffffff00ffffff' },
      { at: 0, hex: '4944535100000000', mask: 'ffffffff00ffffff' },
    ],
    spec: 'Valve, Half-Life SDK, studio.h; Source SDK, studio.h',
    data: 'bones, sequences, meshes and textures',
    measure: measureStudio,
  },
  {
    id: 'unreal-3d',
    title: 'Unreal vertex animation',
    extensions: ['3d'],
    signatures: [],
    spec: 'Unreal Wiki, Legacy:Converting LightWave to UnrealEd; Assimp source, UnrealLoader.cpp',
    data: 'frames or polygons',
    measure: measureUnreal,
  },
]);

/** GoldSrc (version 10) has the length behind the name; Source (44 on) has a checksum before the name. */
function measureStudio(reader: Reader): SizedLayout {
  const version = reader.u32le(4);
  const at = version < 44 ? 8 : 12;
  const length = reader.u32le(at + 64, 'length');
  if (length !== reader.size) throw new Broken(at + 64, 'length', reader.size, length);
  return {
    checked: [
      [0, 8],
      [at + 64, at + 68],
    ],
    texts: [[at, at + 64]],
    dataStart: at + 68,
    dataEnd: length,
  };
}

const UNREAL_HEADER = 48;
const POLYGON = 16;

/** `_a.3d`: number and size of frames. `_d.3d`: number of polygons and vertices, and a header that engines don't read. */
function measureUnreal(reader: Reader): SizedLayout {
  const [count, size] = [reader.u16le(0), reader.u16le(2, 'header')];
  const ends = [4 + count * size, UNREAL_HEADER + count * POLYGON];
  const index = ends.indexOf(reader.size);
  if (index < 0)
    throw new Broken(0, 'number of frames or polygons', 'one that makes the size of the file', count);
  return { checked: [[0, 4]], dataStart: index === 0 ? 4 : UNREAL_HEADER, dataEnd: reader.size };
}

export const milkshape: Format = {
  id: 'milkshape',
  title: 'MilkShape 3D',
  extensions: ['ms3d'],
  signatures: [{ at: 0, hex: '4d533344303030303030' }],
  spec: 'MilkShape 3D file format specification 1.8.5',
  proof: 'lists end exactly, by their numbers; coordinates and names by contrast',
  texture: 'plain',
  verify(reader, ledger): void {
    reader.expect(0, 'MS3D000000', 'signature');
    reader.bytes(0, 14, 'header');
    ledger.account(0, 14, 'structure', 'header', 8);
    let at = passItems(reader, ledger, 14, 15, 'vertices');
    at = passItems(reader, ledger, at, 70, 'triangles');
    at = passGroups(reader, ledger, at);
    at = passItems(reader, ledger, at, 361, 'materials');
    ledger.raw(at, Math.min(reader.size, at + 12), 'times of the animation');
    at = passJoints(reader, ledger, at + 12);
    // Comments and weights of later versions.
    ledger.raw(at, reader.size, 'additions');
  },
};

/** A number of 16 bits, then so many items of `size` bytes. */
function passItems(reader: Reader, ledger: Ledger, at: number, size: number, by: string): number {
  const end = at + 2 + size * reader.u16le(at, by);
  claimList(reader, ledger, at, end, by);
  return end;
}

function claimList(reader: Reader, ledger: Ledger, at: number, end: number, by: string): void {
  if (end > reader.size) throw new Truncated(reader.size, by, end - reader.size);
  ledger.raw(at, end, by);
}

/** Flags, a name, a list of triangles, and the number of a material. */
function passGroups(reader: Reader, ledger: Ledger, start: number): number {
  let at = start + 2;
  for (let left = reader.u16le(start, 'groups'); left > 0; left--) {
    reader.meter.step();
    at += 36 + 2 * reader.u16le(at + 33, 'groups');
  }
  claimList(reader, ledger, start, at, 'groups');
  return at;
}

/** Flags, two names, rotation and position, and the keys of both. */
function passJoints(reader: Reader, ledger: Ledger, start: number): number {
  let at = start + 2;
  for (let left = reader.u16le(start, 'joints'); left > 0; left--) {
    reader.meter.step();
    at += 93 + 16 * (reader.u16le(at + 89, 'joints') + reader.u16le(at + 91, 'joints'));
  }
  claimList(reader, ledger, start, at, 'joints');
  return at;
}

const CRATE_HEADER = 88;
const CRATE_ENTRY = 32;
const MOST_SECTIONS = 64;

export const usdCrate: Format = {
  id: 'usdc',
  title: 'Universal scene description, crate',
  extensions: ['usdc'],
  signatures: [{ at: 0, hex: '5058522d55534443' }],
  spec: 'OpenUSD source, usd/crateFile.cpp',
  proof: 'sections stand one after the other, as the list at the end says; what they hold by contrast',
  texture: 'packed',
  verify(reader, ledger): void {
    const list = reader.u64le(16, 'offset of the list');
    const count = reader.u64le(list, 'number of sections');
    if (count < 1 || count > MOST_SECTIONS)
      throw new Broken(list, 'number of sections', `1 to ${MOST_SECTIONS}`, count);
    const sections = Array.from({ length: count }, (_, i) => {
      const at = list + 8 + CRATE_ENTRY * i;
      const start = reader.u64le(at + 16, 'section');
      const end = start + reader.u64le(at + 24, 'section');
      if (!/^[A-Z]{3,15}\0+$/.test(reader.latin1(at, 16)) || start < CRATE_HEADER || end > list)
        throw new Broken(at, 'section', 'a name, inside of the file', `${start}–${end}`);
      return { start, end };
    });
    reader.bytes(0, 24, 'header');
    ledger.account(0, 24, 'structure', 'header', 12);
    const listEnd = list + 8 + CRATE_ENTRY * count;
    ledger.account(list, listEnd, 'structure', 'list of sections', CRATE_ENTRY);
    for (const { start, end } of sections) ledger.raw(start, end, 'section');
    // Values stand between the header and the first section, where fields point to.
    accountGaps(reader, ledger, sections, { start: 24, end: list }, 'values');
    accountTail(reader, ledger, listEnd);
  },
};
