import { Broken, Truncated } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Format } from './format.ts';
import { accountTail } from './tail.ts';
import { accountText } from './text-field.ts';

const HEADER = 84;
const TRIANGLE = 50;

export const stl: Format = {
  id: 'stl',
  title: 'Stereolithography, binary',
  extensions: ['stl'],
  signatures: [],
  spec: '3D Systems, StereoLithography Interface Specification',
  proof: 'exact size by the number of triangles; coordinates by contrast',
  texture: 'plain',
  recognise: (head, size) =>
    head.length >= HEADER &&
    Buffer.from(head.buffer, head.byteOffset).readUInt32LE(80) * TRIANGLE + HEADER === size,
  verify(reader: Reader, ledger: Ledger): void {
    const end = HEADER + TRIANGLE * reader.u32le(80, 'number of triangles');
    if (end > 2 * reader.size)
      throw new Broken(80, 'number of triangles', `up to ${reader.size / TRIANGLE}`, end);
    const text = reader.latin1(0, 80).replace(/[\0 ]+$/, '').length;
    if (text > 0) accountText(reader, ledger, 0, text, 'header');
    ledger.raw(text, 80, 'header');
    ledger.account(80, HEADER, 'structure', 'number of triangles');
    ledger.raw(HEADER, Math.min(end, reader.size), 'triangles');
    if (end > reader.size) throw new Truncated(reader.size, 'triangles', end - reader.size);
    accountTail(reader, ledger, end);
  },
};
