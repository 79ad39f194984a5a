import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';

const CARD = 80;
const HEADER = 'HEADER RECORD*******';
const LIBRARIES = ['LIBRARY ', 'LIBV8   '];

export const sasXport: Format = {
  id: 'sas-xport',
  title: 'SAS transport',
  extensions: ['xpt', 'xport'],
  signatures: [{ at: 0, hex: '484541444552205245434f52442a2a2a2a2a2a2a' }],
  spec: 'SAS Institute, TS-140 and its extension for version 8',
  proof:
    'cards of 80 characters with headers of library, members and variables; variables and rows by contrast',
  texture: 'plain',
  verify(reader: Reader, ledger: Ledger): void {
    const kind = reader.latin1(HEADER.length, 8, 'kind of the library');
    if (!LIBRARIES.includes(kind))
      throw new Broken(HEADER.length, 'kind of the library', LIBRARIES.join(' or '), kind);
    if (reader.size % CARD !== 0)
      throw new Broken(reader.size - (reader.size % CARD), 'last card', CARD, reader.size % CARD);
    let isText = true;
    let members = 0;
    for (let at = 0; at < reader.size; at += CARD) {
      reader.meter.step();
      const card = reader.latin1(at, CARD, 'card');
      const header = card.startsWith(HEADER) ? card.slice(HEADER.length, HEADER.length + 8).trim() : null;
      // Cards are text up to the variables, and binary from there to the next member.
      if (header !== null) isText = !/^(?:NAMESTR|NAMSTV8|OBS|OBSV8|LABELV8|LABELV9)$/.test(header);
      if (header !== null && /^MEMB/.test(header)) members++;
      if (header === null && !isText) ledger.raw(at, at + CARD, 'variables and rows');
      else if (/^[\x20-\x7e\0]*$/.test(card)) ledger.account(at, at + CARD, 'grammar', 'cards');
      else if (header === null) ledger.raw(at, at + CARD, 'cards in another alphabet');
      else throw new Broken(at, 'header card', 'text', 'other bytes');
    }
    if (members === 0) throw new Broken(CARD, 'header of a member', 'at least one', 0);
  },
};
