import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context, Format } from '../format.ts';
import { openCompound } from './compound.ts';
import { kindOf } from './kinds.ts';
import { verifyStream } from './streams.ts';

export const cfb: Format = {
  id: 'cfb',
  title: 'OLE2 compound file',
  extensions: [
    ...[
      'doc',
      'dot',
      'xls',
      'xlt',
      'xla',
      'ppt',
      'pps',
      'pot',
      'msg',
      'msi',
      'msp',
      'mst',
      'vsd',
      'vst',
      'vss',
    ],
    ...['pub', 'mpp', 'mpt', 'adp', 'rvt', 'rfa', 'rte', 'mic', 'qpw', 'wb3', 'automaticdestinations-ms'],
  ],
  signatures: [{ at: 0, hex: 'd0cf11e0a1b11ae1' }],
  spec: 'MS-CFB, section 2.2',
  proof:
    'every sector has one owner and every chain the length of its stream; then the records, text and properties in the streams, the rest by contrast',
  texture: 'plain',
  verify(reader: Reader, ledger: Ledger, context: Context): void {
    const compound = openCompound(reader, ledger);
    const kind = kindOf(compound);
    if (kind !== null) context.refine?.(kind.format);
    for (const stream of compound.streams) {
      verifyStream({ stream, compound, context, kind });
      stream.settle(ledger);
    }
  },
};
