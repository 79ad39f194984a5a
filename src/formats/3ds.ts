import { Broken, Truncated } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Format } from './format.ts';
import { accountTail } from './tail.ts';

const HEAD = 6;
const OBJECT = 0x4000;
const FACES = 0x4120;
const MOST_NAME = 256;

/** Chunks that hold nothing but chunks. */
const containers = new Set([0x4d4d, 0x3d3d, 0x4100, 0xafff, 0xb000]);

export const threeDs: Format = {
  id: '3ds',
  title: '3D Studio mesh',
  extensions: [],
  signatures: [
    { at: 0, hex: '4d4d0000000002000a000000', mask: 'ffff00000000ffffffffffff' },
    { at: 0, hex: '4d4d000000003d3d', mask: 'ffff00000000ffff' },
  ],
  spec: 'Autodesk 3D Studio File Format (Pitts)',
  proof: 'chunks fill the chunks around them exactly, by their lengths; coordinates and names by contrast',
  texture: 'plain',
  verify(reader: Reader, ledger: Ledger): void {
    const end = reader.u32le(2, 'length of the file');
    if (end > reader.size) throw new Truncated(reader.size, '3D Studio mesh', end - reader.size);
    walkChunks(reader, ledger, end);
    accountTail(reader, ledger, end);
  },
};

/** Without recursion: `open` has the ends of the chunks around. */
function walkChunks(reader: Reader, ledger: Ledger, last: number): void {
  const open = [last];
  for (let at = 0; at < last; ) {
    reader.meter.step();
    while (open.at(-1) === at) open.pop();
    const limit = open.at(-1)!;
    const id = reader.u16le(at, 'chunk');
    const end = at + reader.u32le(at + 2, 'length of a chunk');
    if (end > limit || end < at + HEAD) throw new Broken(at + 2, 'length of a chunk', `up to ${limit}`, end);
    const inside = findChunks(reader, id, at + HEAD, end);
    ledger.account(at, at + HEAD, 'structure', 'heads of chunks', 16);
    ledger.raw(at + HEAD, inside, 'contents of chunks');
    if (inside < end) open.push(end);
    at = inside;
  }
}

/** Where the chunks inside begin: behind an object's name, behind a mesh's faces; `end` if there are none. */
function findChunks(reader: Reader, id: number, at: number, end: number): number {
  if (containers.has(id)) return at;
  if (id === OBJECT) {
    const zero = reader.indexOf('\0', at, Math.min(end, at + MOST_NAME));
    if (zero < 0) throw new Broken(at, 'name of an object', 'a zero at its end', 'none');
    return zero + 1;
  }
  if (id !== FACES) return end;
  const faces = at + 2 + 8 * reader.u16le(at, 'number of faces');
  if (faces > end) throw new Broken(at, 'number of faces', `up to ${end}`, faces);
  return faces;
}
