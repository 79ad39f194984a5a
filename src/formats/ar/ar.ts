import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context, Format } from '../format.ts';
import { ArWalk } from './walk.ts';

const verify = (reader: Reader, ledger: Ledger, context: Context): void => {
  new ArWalk(reader, ledger, context).walk();
};

const proof = 'headers by the grammar of their digits, members by what they prove themselves';

export const ar: Format = {
  id: 'ar',
  title: 'Unix archive',
  extensions: ['a', 'ar', 'lib'],
  signatures: [{ at: 0, hex: '213c617263683e0a' }],
  spec: 'ar(5), FreeBSD manual; PE format, Archive (Library) File Format',
  proof: `${proof}; the table of symbols by where it points to`,
  texture: 'packed',
  verify,
};

export const deb: Format = {
  id: 'deb',
  title: 'Debian package',
  extensions: ['deb', 'udeb', 'ddeb'],
  signatures: [{ at: 0, hex: '213c617263683e0a64656269616e2d62696e617279' }],
  spec: 'deb(5), dpkg; ar(5), FreeBSD manual',
  proof: `${proof}: archives of control files and data`,
  texture: 'packed',
  verify,
};
