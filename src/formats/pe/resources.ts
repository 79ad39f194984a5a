import { Broken } from '../../bytes/errors.ts';
import { offsetOf } from './layout.ts';
import { examineOverlay } from './overlay.ts';
import type { Part } from './part.ts';

/** Type, name and language (PE Format, "The .rsrc Section"). */
const DEEPEST = 3;
const IS_FOLDER = 0x80000000;
const MANIFEST = 24;
/** Heads of files that are resources as they are. */
const heads = [
  '\x89PNG',
  '<?xml',
  '\xef\xbb\xbf<',
  '<assembly',
  'RIFF',
  'GIF8',
  '\xff\xd8\xff',
  'PK\x03\x04',
  'MZ',
  '%PDF',
];
const SHORTEST = 64;

interface Node {
  readonly at: number;
  readonly depth: number;
  readonly type: number;
}

/** Walks the tree of resources; those that are files of a known kind are examined as such. */
export function accountResources(part: Part): void {
  const { reader, ledger, start, end } = part;
  const open: Node[] = [{ at: start, depth: 0, type: 0 }];
  const seen = new Set<number>();
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    reader.meter.step();
    if (node.at < start || node.at + 16 > end || seen.has(node.at) || node.depth > DEEPEST) {
      throw new Broken(node.at, 'resource directory', 'one of its own inside the tree', node.at);
    }
    seen.add(node.at);
    const entries = reader.u16le(node.at + 12) + reader.u16le(node.at + 14);
    const tableEnd = node.at + 16 + 8 * entries;
    if (tableEnd > end)
      throw new Broken(node.at + 12, 'entries of a resource directory', `an end up to ${end}`, tableEnd);
    for (let at = node.at + 16; at < tableEnd; at += 8) open.push(...readEntry(part, at, node));
    ledger.account(node.at, tableEnd, 'structure', 'resource directories', 24);
  }
}

function readEntry(part: Part, at: number, parent: Node): Node[] {
  const { reader, start } = part;
  const id = reader.u32le(at);
  const target = reader.u32le(at + 4);
  const type = parent.depth === 0 ? id : parent.type;
  if (target >= IS_FOLDER) return [{ at: start + target - IS_FOLDER, depth: parent.depth + 1, type }];
  accountResource(part, start + target, type);
  return [];
}

/** Address, size, code page and a reserved zero lead to the resource itself. */
function accountResource(part: Part, at: number, type: number): void {
  const { reader, ledger, image, end } = part;
  if (at + 16 > end) throw new Broken(at, 'resource data entry', `an end up to ${end}`, at + 16);
  const address = reader.u32le(at);
  const size = reader.u32le(at + 4);
  const dataAt = offsetOf(image, address);
  if (dataAt < 0) return;
  if (dataAt + size > reader.size)
    throw new Broken(at + 4, 'size of a resource', `up to ${reader.size - dataAt}`, size);
  ledger.account(at, at + 16, 'structure', 'resource data entry', 8);
  const isFile = type === MANIFEST || heads.some((head) => reader.has(dataAt, head));
  if (isFile && size >= SHORTEST) examineOverlay(part, dataAt, dataAt + size, `resource of type ${type}`);
}
