import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { accountTail } from '../tail.ts';
import { type CodeLayout, MarshalWalk } from './marshal.ts';

interface Release {
  /** The number of the first magic that writes like this. */
  readonly from: number;
  /** Bytes before the object. */
  readonly header: number;
  readonly code: CodeLayout;
}

/** CPython, Lib/importlib/_bootstrap_external.py and Python/marshal.c of each release, the newest first. */
const releases: readonly Release[] = [
  { from: 20000, header: 8, code: { numbers: 4, objects: 8, more: 1 } },
  { from: 3470, header: 16, code: { numbers: 5, objects: 8, more: 2 } },
  { from: 3410, header: 16, code: { numbers: 6, objects: 8, more: 1 } },
  { from: 3390, header: 16, code: { numbers: 5, objects: 8, more: 1 } },
  { from: 3190, header: 12, code: { numbers: 5, objects: 8, more: 1 } },
  { from: 3000, header: 8, code: { numbers: 5, objects: 8, more: 1 } },
];

export const pyc: Format = {
  id: 'pyc',
  title: 'Python bytecode',
  extensions: ['pyc', 'pyo'],
  signatures: [],
  spec: 'PEP 552; CPython source, Python/marshal.c',
  proof: 'an object whose parts end exactly, with strings in ASCII and UTF-8; bytecode stays raw',
  texture: 'plain',
  // Magic numbers of Python 3 are from 3000 on, those of Python 2 around 50,000 and 60,000; then CR, LF, and flags below 4.
  recognise: (head, size) => {
    if (size < 12 || head[2] !== 0x0d || head[3] !== 0x0a) return false;
    const release = releaseOf(head[0]! | (head[1]! << 8));
    return release !== undefined && (head[release.header]! & 0x7f) === 0x63;
  },
  verify(reader: Reader, ledger: Ledger): void {
    const magic = reader.u16le(0);
    const release = releaseOf(magic);
    if (release === undefined) throw new Broken(0, 'magic number', '3000 or more', magic);
    reader.expect(2, '\r\n', 'magic number');
    ledger.account(0, 4, 'structure', 'magic number');
    if (release.header === 16) {
      const flags = reader.u32le(4);
      if (flags > 3) throw new Broken(4, 'flags', 'at most 3', flags);
      ledger.account(4, 8, 'structure', 'flags');
    }
    accountTail(reader, ledger, new MarshalWalk(reader, ledger, release.header, release.code).walk());
  },
};

function releaseOf(magic: number): Release | undefined {
  return releases.find(({ from }) => magic >= from);
}
