import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Format } from '../format.ts';
import { accountGaps } from '../gaps.ts';
import { accountTail } from '../tail.ts';

/** MacBinary: type and length of the data fork, which begins here. */
const DATA = 128;
const HEAD = 22;

export const hcom: Format = {
  id: 'hcom',
  title: 'Macintosh HCOM sound',
  extensions: ['hcom'],
  signatures: [{ at: 65, hex: '46535344' }],
  spec: 'SoX source, hcom.c; MacBinary',
  proof: 'the sum of all words of packed samples',
  texture: 'dense',
  verify(reader, ledger): void {
    const end = DATA + reader.u32be(83, 'length of the data fork');
    if (end > reader.size) throw new Truncated(reader.size, 'data fork', end - reader.size);
    reader.expect(DATA, 'HCOM', 'HCOM magic');
    const nodes = reader.u16be(DATA + 20, 'nodes of the tree');
    // A byte of padding and the first sample follow the tree.
    const start = DATA + HEAD + 4 * nodes + 2;
    if (start > end || (end - start) % 4 !== 0)
      throw new Broken(DATA + 20, 'nodes of the tree', 'fewer', nodes);
    let sum = 0;
    for (let at = start; at < end; at += 4) {
      reader.meter.step();
      sum = (sum + reader.u32be(at)) >>> 0;
    }
    const stored = reader.u32be(DATA + 8);
    if (sum !== stored) throw new Broken(DATA + 8, 'sum of the samples', stored, sum);
    ledger.account(65, 69, 'structure', 'type of the file');
    ledger.account(83, 87, 'structure', 'length of the data fork');
    ledger.account(DATA, DATA + HEAD, 'structure', 'header', 12);
    ledger.raw(DATA + HEAD, start, 'tree');
    ledger.account(start, end, 'checksum', 'sum of the words', 8);
    const known = [
      { start: 65, end: 69 },
      { start: 83, end: 87 },
    ];
    accountGaps(reader, ledger, known, { start: 0, end: DATA }, 'MacBinary header');
    accountTail(reader, ledger, end);
  },
};
