import { Broken, Truncated } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Format } from './format.ts';
import { accountTail } from './tail.ts';

const code = /^[A-Z0-9_]{2}(?:[A-Z0-9_]{2}|\0\0)$/;

/** How the heads of blocks are written. Lengths and places in bytes. */
interface Heads {
  readonly start: number;
  readonly size: number;
  readonly lengthAt: number;
  readonly read: (at: number) => number;
}

export const blender: Format = {
  id: 'blender',
  title: 'Blender file',
  extensions: [],
  signatures: [
    { at: 0, hex: '424c454e4445522d76' },
    { at: 0, hex: '424c454e4445525f76' },
    { at: 0, hex: '424c454e4445522d56' },
    { at: 0, hex: '424c454e4445525f56' },
    { at: 0, hex: '424c454e44455231372d' },
  ],
  spec: 'Blender source, BLO_core_bhead.hh; The mystery of the blend',
  proof: 'blocks follow each other by code and length to the block ENDB; their contents by contrast',
  texture: 'plain',
  verify(reader: Reader, ledger: Ledger): void {
    const heads = readHeader(reader);
    ledger.account(0, heads.start, 'structure', 'header', 8);
    let at = heads.start;
    while (!reader.has(at, 'ENDB')) at = accountBlock(reader, ledger, at, heads);
    finish(reader, ledger, at, heads);
  },
};

/** Version 5 widens the fields and puts the length behind the pointer. */
function readHeader(reader: Reader): Heads {
  const wide = /^BLENDER17-01v\d{4}$/.test(reader.latin1(0, Math.min(17, reader.size)));
  if (wide) return { start: 17, size: 32, lengthAt: 16, read: (at) => reader.u64le(at) };
  const found = /^BLENDER([_-])([vV])\d{3}$/.exec(reader.latin1(0, 12, 'header'));
  if (found === null) throw new Broken(0, 'header', 'BLENDER, width, order and version', 'another');
  const read = found[2] === 'v' ? (at: number) => reader.u32le(at) : (at: number) => reader.u32be(at);
  return { start: 12, size: found[1] === '-' ? 24 : 20, lengthAt: 4, read };
}

function accountBlock(reader: Reader, ledger: Ledger, at: number, heads: Heads): number {
  reader.meter.step();
  const name = reader.latin1(at, 4, 'code of a block');
  if (!code.test(name)) throw new Broken(at, 'code of a block', 'capitals', JSON.stringify(name));
  const { size, lengthAt } = heads;
  reader.bytes(at, size, 'head of a block');
  const end = at + size + heads.read(at + lengthAt);
  if (end > reader.size) throw new Truncated(reader.size, `block ${name}`, end - reader.size);
  if (name === 'DNA1') reader.expect(at + size, 'SDNA', 'SDNA');
  ledger.raw(at, end, 'contents of blocks');
  ledger.account(at, at + 4, 'structure', 'codes of blocks', 16);
  ledger.account(at + lengthAt, at + lengthAt + 4, 'structure', 'lengths of blocks', 16);
  return end;
}

function finish(reader: Reader, ledger: Ledger, at: number, heads: Heads): void {
  const end = Math.min(at + heads.size, reader.size);
  ledger.raw(at, end, 'last block');
  ledger.account(at, at + 4, 'structure', 'ENDB', 4);
  accountTail(reader, ledger, end);
}
