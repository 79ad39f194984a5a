import { Broken } from '../../bytes/errors.ts';
import type { Format } from '../format.ts';
import { accountTail } from '../tail.ts';

const ESCAPE = 0x1b;

export const sixel: Format = {
  id: 'sixel',
  title: 'DEC sixel graphics',
  extensions: ['sixel', 'six'],
  signatures: [],
  spec: 'DEC VT330/VT340 Programmer Reference Manual, chapter 14',
  proof: 'printable characters and line ends from the introducer to the string terminator',
  texture: 'plain',
  recognise: (head) =>
    /^\x1bP[\d;]*q[\r\n\x20-\x7e]/.test(Buffer.from(head.subarray(0, 64)).toString('latin1')),
  verify(reader, ledger): void {
    reader.expect(0, '\x1bP', 'introducer');
    let at = 2;
    for (const part of reader.stream(2, reader.size)) {
      reader.meter.step();
      const stop = part.findIndex((code) => !((code >= 0x20 && code <= 0x7e) || code === 10 || code === 13));
      at += stop < 0 ? part.length : stop;
      if (stop < 0) continue;
      if (part[stop] !== ESCAPE || !reader.has(at, '\x1b\\'))
        throw new Broken(at, 'sixel data', 'printable characters', part[stop]!);
      ledger.account(0, at + 2, 'grammar', 'sixel data', 16);
      accountTail(reader, ledger, at + 2);
      return;
    }
    throw new Broken(reader.size, 'string terminator', 'ESC \\', 'the end');
  },
};
