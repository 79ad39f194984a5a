import { Reader } from '../bytes/reader.ts';
import { BufferSource, type ByteSource } from '../bytes/source.ts';
import { deflate } from '../checks/decoder.ts';
import { Keep } from '../checks/unpack.ts';
import { inflateZlib } from '../checks/zlib-stream.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Context, Format } from './format.ts';
import { examineMember } from './member.ts';
import { accountTail } from './tail.ts';

export const zlibStream: Format = {
  id: 'zlib',
  title: 'zlib stream',
  extensions: ['zlib', 'zz', 'deflatez'],
  signatures: [
    { at: 0, hex: '7801' },
    { at: 0, hex: '785e' },
    { at: 0, hex: '789c' },
    { at: 0, hex: '78da' },
  ],
  spec: 'RFC 1950, RFC 1951',
  proof: 'Adler-32 of the content',
  texture: 'packed',
  verify(reader: Reader, ledger: Ledger, context: Context): void {
    const keep = new Keep();
    const { consumed, produced } = inflateZlib(reader, 0, reader.size, (output) => keep.add(output));
    ledger.account(0, 2, 'structure', 'zlib header');
    ledger.account(2, consumed, 'checksum', 'Adler-32 of the content', floorOfSum(produced));
    accountTail(reader, ledger, consumed);
    const source = contentOf(reader, consumed, produced, keep);
    examineMember(context, ledger, context.name.replace(/\.(z|zz|zlib)$/i, ''), source, {
      start: 0,
      end: consumed,
    });
  },
};

/** Adler-32's sums do not fill 32 bits for short contents (RFC 3309 §2): about 2⁻²⁰ from 128 bytes on. */
function floorOfSum(length: number): number {
  return length < 128 ? 8 : 1;
}

function contentOf(reader: Reader, consumed: number, produced: number, keep: Keep): ByteSource {
  const bytes = keep.bytes();
  if (bytes !== null) return new BufferSource(bytes);
  const again = new Reader(reader.source, reader.meter);
  return deflate.reopen(again, 2, consumed - 4, produced);
}
