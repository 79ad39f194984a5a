import { Broken } from '../../bytes/errors.ts';
import type { Format } from '../format.ts';
import { accountGaps } from '../gaps.ts';
import { accountTail } from '../tail.ts';

const HEADER = 128;
const HEAD = 16;
/** Frames, the prefix that authoring programs put before them, and what belongs to it. */
const types = new Set([0xf1fa, 0xf100, 0xf1e0, 0xf1a5]);

export const flic: Format = {
  id: 'flic',
  title: 'Autodesk animation',
  extensions: ['fli', 'flc'],
  signatures: [
    { at: 4, hex: '12af0000000000000800', mask: 'ffff000000000000ffff' },
    { at: 4, hex: '11af0000000000000800', mask: 'ffff000000000000ffff' },
  ],
  spec: 'Autodesk Animator Pro File Formats, FLIC',
  proof: 'frames and what they consist of end exactly; pixels by contrast',
  texture: 'packed',
  verify(reader, ledger): void {
    const stated = reader.u32le(0, 'length of the file');
    // Editors pad frames to even lengths, and leave the last zero out.
    const end = stated === reader.size + 1 ? reader.size : stated;
    if (end < HEADER || end > reader.size) throw new Broken(0, 'length of the file', reader.size, stated);
    if (end !== stated) ledger.oddity(end, 'the last byte of padding is left out');
    ledger.account(0, 12, 'structure', 'header', 12);
    accountGaps(reader, ledger, [], { start: 12, end: HEADER }, 'free fields of the header');
    let at = HEADER;
    while (at + HEAD <= end) {
      reader.meter.step();
      const following = at + reader.u32le(at, 'frame');
      const next = following === stated ? end : following;
      if (!types.has(reader.u16le(at + 4)) || next < at + HEAD || next > end)
        throw new Broken(at, 'frame', 'a known type, inside of the file', reader.u16le(at + 4));
      ledger.account(at, at + 8, 'structure', 'head of a frame', 8);
      ledger.raw(at + 8, next, 'frame');
      at = next;
    }
    accountTail(reader, ledger, at);
  },
};
