import { Broken, Truncated } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Format, KnownFormat } from './format.ts';
import { accountTail } from './tail.ts';

const HEADER = 8;
/** Chunks that hold others: a table of resources, a document, a package. */
const holders = new Set([0x0002, 0x0003, 0x0200]);
/** Pools of strings, elements of documents, parts of packages (ResourceTypes.h, `RES_*_TYPE`). */
const types = new Set([
  ...[0x0000, 0x0001, 0x0002, 0x0003, 0x0100, 0x0101, 0x0102, 0x0103, 0x0104, 0x0180],
  ...[0x0200, 0x0201, 0x0202, 0x0203, 0x0204, 0x0205, 0x0206],
]);

const PROOF = 'chunks nest and tile the file; what they hold by contrast';

export const androidXml = resources({
  id: 'android-xml',
  title: 'Android binary XML',
  extensions: [],
  signatures: [{ at: 0, hex: '03000800' }],
  spec: 'Android, ResourceTypes.h, ResXMLTree_header',
});

export const androidTable = resources({
  id: 'android-resources',
  title: 'Android resource table',
  extensions: ['arsc'],
  signatures: [{ at: 0, hex: '02000c00' }],
  spec: 'Android, ResourceTypes.h, ResTable_header',
});

function resources(format: KnownFormat): Format {
  return { ...format, proof: PROOF, texture: 'plain', verify: verifyResources };
}

function verifyResources(reader: Reader, ledger: Ledger): void {
  const end = reader.u32le(4, 'size of the document');
  if (end > reader.size) throw new Truncated(reader.size, 'chunks', end - reader.size);
  ledger.raw(0, end, 'chunks');
  // Outer chunks on the stack end where their last inner one does.
  const open: number[] = [];
  for (let at = 0; at < end; ) {
    reader.meter.step();
    while (at === open.at(-1)) open.pop();
    const { type, headerSize, size } = readChunk(reader, at, open.at(-1) ?? end);
    ledger.account(at, at + HEADER, 'structure', 'header of a chunk', HEADER);
    if (holders.has(type) && size > headerSize) {
      open.push(at + size);
      at += headerSize;
    } else at += size;
  }
  accountTail(reader, ledger, end);
}

function readChunk(reader: Reader, at: number, end: number) {
  if (at + HEADER > end) throw new Broken(at, 'chunk', `a header before ${end}`, at);
  const [type, headerSize, size] = [reader.u16le(at), reader.u16le(at + 2), reader.u32le(at + 4)];
  const isPossible = headerSize >= HEADER && headerSize <= size && size % 4 === 0 && at + size <= end;
  if (!types.has(type) || !isPossible)
    throw new Broken(at, 'chunk', 'a known type inside of its parent', `type ${type} of ${size} bytes`);
  return { type, headerSize, size };
}
