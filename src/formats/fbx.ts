import { Broken } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Context, Format } from './format.ts';
import { examineStored, type Place } from './stored.ts';
import { isZeroFilled } from './tail.ts';

const MAGIC = 27;
const WIDE = 7500;
const MOST_PROPERTIES = 1 << 20;
/** Bytes of scalars, by type. */
const scalars: Readonly<Record<string, number>> = { Y: 2, C: 1, B: 1, I: 4, F: 4, D: 8, L: 8 };
/** Bytes of one element of an array, by type. */
const arrays: Readonly<Record<string, number>> = { f: 4, d: 8, l: 8, i: 4, b: 1, c: 1 };
const name = /^[\x20-\x7e]+$/;

/** Where a node's parts stand, in bytes. */
interface Node {
  readonly end: number;
  readonly properties: number;
  readonly propertiesAt: number;
  readonly propertiesEnd: number;
}

export const fbx: Format = {
  id: 'fbx',
  title: 'Autodesk FBX, binary',
  extensions: [],
  signatures: [{ at: 0, hex: '4b617964617261204642582042696e617279202000' }],
  spec: 'Blender wiki, FBX binary file format specification',
  proof:
    'nodes end where they say, with properties of known types; arrays as zlib streams, values by contrast',
  texture: 'packed',
  verify(reader: Reader, ledger: Ledger, context: Context): void {
    const width = reader.u32le(23, 'version') >= WIDE ? 8 : 4;
    ledger.account(0, MAGIC, 'structure', 'header', 8);
    const end = walkNodes({ reader, ledger, context, start: MAGIC, end: reader.size }, width);
    accountFooter(reader, ledger, end);
  },
};

/** Without recursion: `open` has the ends of the nodes around. Zeros instead of a node end a list of nodes. */
function walkNodes(place: Place, width: 4 | 8): number {
  const { reader, ledger } = place;
  const nothing = 3 * width + 1;
  const open: number[] = [];
  for (let at = place.start; ; ) {
    reader.meter.step();
    if (isZeroFilled(reader, at, at + nothing)) {
      ledger.account(at, at + nothing, 'padding', 'ends of lists');
      at += nothing;
      const end = open.pop();
      if (end === undefined) return at;
      if (end !== at) throw new Broken(at, 'end of a node', end, at);
      continue;
    }
    const node = readNode(reader, at, width, open.at(-1) ?? reader.size);
    ledger.account(at, node.propertiesAt, 'structure', 'heads of nodes', 16);
    accountProperties(place, node);
    if (node.end > node.propertiesEnd) open.push(node.end);
    at = node.propertiesEnd;
  }
}

function readNode(reader: Reader, at: number, width: 4 | 8, limit: number): Node {
  const read = (index: number) =>
    width === 8 ? reader.u64le(at + 8 * index, 'node') : reader.u32le(at + 4 * index, 'node');
  const end = read(0);
  const nameAt = at + 3 * width + 1;
  const length = reader.u8(nameAt - 1, 'name of a node');
  const propertiesAt = nameAt + length;
  const propertiesEnd = propertiesAt + read(2);
  if (end > limit || propertiesEnd > end || read(1) > MOST_PROPERTIES)
    throw new Broken(at, 'end of a node', `up to ${limit}`, end);
  if (length > 0 && !name.test(reader.latin1(nameAt, length)))
    throw new Broken(nameAt, 'name of a node', 'ASCII', 'other bytes');
  return { end, properties: read(1), propertiesAt, propertiesEnd };
}

function accountProperties(place: Place, node: Node): void {
  let at = node.propertiesAt;
  for (let i = 0; i < node.properties; i++) at = accountProperty(place, at, node.propertiesEnd);
  if (at !== node.propertiesEnd) throw new Broken(at, 'end of properties', node.propertiesEnd, at);
}

function accountProperty(place: Place, at: number, limit: number): number {
  const { reader, ledger } = place;
  reader.meter.step();
  const type = reader.latin1(at, 1, 'type of a property');
  const scalar = scalars[type];
  const isBlob = type === 'S' || type === 'R';
  const headEnd = at + (scalar !== undefined ? 1 : isBlob ? 5 : 13);
  const end =
    scalar !== undefined
      ? headEnd + scalar
      : isBlob
        ? headEnd + reader.u32le(at + 1)
        : endOfArray(reader, at);
  if (end > limit) throw new Broken(at, 'length of a property', `up to ${limit - at}`, end - at);
  ledger.account(at, headEnd, 'structure', 'heads of properties', 16);
  ledger.raw(headEnd, end, 'values');
  if (arrays[type] !== undefined && reader.u32le(at + 5) === 1)
    examineStored({ ...place, start: headEnd, end }, 'array.zlib');
  return end;
}

/** Number of elements, encoding, length in bytes. */
function endOfArray(reader: Reader, at: number): number {
  const size = arrays[reader.latin1(at, 1)];
  if (size === undefined) throw new Broken(at, 'type of a property', 'one that is known', reader.u8(at));
  const encoding = reader.u32le(at + 5, 'encoding of an array');
  const length = encoding === 0 ? size * reader.u32le(at + 1) : reader.u32le(at + 9, 'length of an array');
  if (encoding > 1) throw new Broken(at + 5, 'encoding of an array', '0 or 1', encoding);
  return at + 13 + length;
}

/** A code of 16 bytes, zeros up to a multiple of 16, the version, zeros, and a closing code: short, and left raw. */
function accountFooter(reader: Reader, ledger: Ledger, at: number): void {
  const zeros = reader.size - 136;
  if (reader.size - at < 160 || reader.size - at > 200 || !isZeroFilled(reader, zeros, zeros + 120)) {
    ledger.trailing(at, reader.size);
    return;
  }
  ledger.raw(at, zeros, 'footer');
  ledger.account(zeros, zeros + 120, 'padding', 'zeros of the footer');
  ledger.raw(zeros + 120, reader.size, 'closing code');
}
