import { Broken } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import { type Reader, WINDOW } from '../../bytes/reader.ts';
import { crc32 } from '../../checks/crc32.ts';
import { type Decoder, deflate } from '../../checks/decoder.ts';
import { decodeSnappy } from '../../checks/snappy.ts';
import { bzip2, xz, zstd } from '../../checks/stream-decoders.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { accountDecoded } from '../stored-parts.ts';

type VerifyBlock = (reader: Reader, ledger: Ledger, block: Range) => void;

/** Codecs whose streams carry checksums of their own, and those that only decode. */
const codecs: Readonly<Record<string, VerifyBlock>> = {
  null: (_reader, ledger, { start, end }) => ledger.raw(start, end, 'records'),
  snappy: verifySnappy,
  deflate: decoding(deflate, false),
  bzip2: decoding(bzip2, true),
  xz: decoding(xz, true),
  zstandard: decoding(zstd, false),
};

export function codecOf(name: string): VerifyBlock {
  return (
    codecs[name] ??
    ((_reader, ledger, { start, end }) => ledger.coded(start, end, `records packed by ${name}`))
  );
}

function decoding(decoder: Decoder, isChecked: boolean): VerifyBlock {
  return (reader, ledger, block) => {
    const { consumed } = decoder.decode(reader, block.start, block.end, () => {});
    if (block.start + consumed !== block.end) {
      throw new Broken(block.start, 'end of a packed block', block.end - block.start, consumed);
    }
    if (isChecked) ledger.account(block.start, block.end, 'checksum', 'checksum of a packed block');
    else accountDecoded(ledger, block, [], 'packed block');
  };
}

/** A CRC-32 of the content stands behind each block. */
function verifySnappy(reader: Reader, ledger: Ledger, { start, end }: Range): void {
  if (end - start < 5) throw new Broken(start, 'packed block', 'at least 5 bytes', end - start);
  if (end - start > WINDOW) {
    ledger.coded(start, end, 'records packed by snappy');
    return;
  }
  // Nothing packs more than 64 bytes into 3.
  const most = 64 + 22 * (end - start);
  const content = decodeSnappy(reader.copy(start, end - start - 4), start, most);
  reader.meter.produce(content.length);
  const stored = reader.u32be(end - 4);
  const computed = crc32(content);
  if (stored !== computed) throw new Broken(end - 4, 'CRC-32 of a block', stored, computed);
  ledger.account(start, end, 'checksum', 'CRC-32 of a block');
}
