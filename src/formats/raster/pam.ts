import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { accountTail } from '../tail.ts';

export const pam: Format = {
  id: 'pam',
  title: 'Portable arbitrary map',
  extensions: ['pam'],
  signatures: [{ at: 0, hex: '50370a' }],
  spec: 'Netpbm manual: pam',
  proof: 'header by grammar, exact size; samples by contrast',
  texture: 'plain',
  verify(reader: Reader, ledger: Ledger): void {
    const end = reader.indexOf('ENDHDR\n', 0, Math.min(reader.size, 65536)) + 7;
    if (end < 7) throw new Broken(3, 'header', 'ENDHDR', 'none');
    const header = reader.latin1(0, end);
    const field = (name: string) =>
      Number(new RegExp(`^${name}\\s+(\\d{1,9})\\s*$`, 'm').exec(header)?.[1] ?? 0);
    const size = field('WIDTH') * field('HEIGHT') * field('DEPTH') * (field('MAXVAL') > 255 ? 2 : 1);
    if (size === 0) throw new Broken(3, 'header', 'width, height and depth', 'less');
    ledger.account(0, end, 'grammar', 'header');
    ledger.raw(end, Math.min(reader.size, end + size), 'samples');
    if (end + size > reader.size) throw new Truncated(reader.size, 'samples', end + size - reader.size);
    accountTail(reader, ledger, end + size);
  },
};

export const pfm: Format = {
  id: 'pfm',
  title: 'Portable float map',
  extensions: [],
  signatures: [
    { at: 0, hex: '50460a' },
    { at: 0, hex: '50660a' },
  ],
  spec: 'Debevec, PFM Portable FloatMap',
  proof: 'header by grammar, exact size; samples by contrast',
  texture: 'plain',
  verify(reader: Reader, ledger: Ledger): void {
    const text = reader.latin1(0, Math.min(256, reader.size));
    const match = /^P([Ff])\n(\d{1,9})\s+(\d{1,9})\s(-?[0-9.eE+-]+)\s/.exec(text);
    if (match === null) throw new Broken(3, 'header', 'width, height and scale', 'others');
    const end = match[0].length;
    const size = 4 * Number(match[2]) * Number(match[3]) * (match[1] === 'F' ? 3 : 1);
    ledger.account(0, end, 'grammar', 'header');
    ledger.raw(end, Math.min(reader.size, end + size), 'samples');
    if (end + size > reader.size) throw new Truncated(reader.size, 'samples', end + size - reader.size);
    accountTail(reader, ledger, end + size);
  },
};
