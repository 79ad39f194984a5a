import { Broken, Truncated } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';
import { crc32c } from '../checks/crc32c.ts';
import { drain, type Pieces } from '../checks/pieces.ts';
import { decodeSnappy } from '../checks/snappy.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Context, Format } from './format.ts';
import { examineContent, PackedContent } from './packed-content.ts';
import { isZeroFilled } from './tail.ts';

const IDENTIFIER = 'sNaPpY';
const MOST_CONTENT = 65536;
/** No honest chunk is longer than its content and what packing may add. */
const MOST_CHUNK = 1 << 17;

export const snappyFramed: Format = {
  id: 'snappy-framed',
  title: 'Snappy framing format',
  extensions: ['sz', 'snappy'],
  signatures: [{ at: 0, hex: 'ff060000734e61507059' }],
  spec: 'google/snappy, framing_format.txt',
  proof: 'CRC-32C of every chunk',
  texture: 'packed',
  verify(reader: Reader, ledger: Ledger, context: Context): void {
    reader.expect(0, '\xff\x06\0\0sNaPpY', 'Snappy stream identifier');
    const content = new PackedContent();
    drain(decodeFile(reader, ledger), content.add);
    examineContent({ reader, ledger, context, start: 0, end: reader.size }, content, (again) =>
      decodeFile(again, null),
    );
  },
};

function* decodeFile(reader: Reader, ledger: Ledger | null): Pieces<void> {
  for (let at = 0; at < reader.size; ) {
    reader.meter.step();
    const type = reader.u8(at, 'Snappy chunk');
    const start = at + 4;
    const end = start + (reader.u32le(at, 'Snappy chunk') >>> 8);
    if (end > reader.size) throw new Truncated(reader.size, 'Snappy chunk', end - reader.size);
    if (type <= 1) {
      yield decodeChunk(reader, type, start, end);
      ledger?.account(at, end, 'checksum', 'CRC-32C of the chunk');
    } else accountOther(reader, ledger, type, start, end);
    at = end;
  }
}

function decodeChunk(reader: Reader, type: number, start: number, end: number): Uint8Array {
  if (end - start < 4 || end - start > MOST_CHUNK)
    throw new Broken(start - 3, 'length of a Snappy chunk', '4 to 64 KiB', end - start);
  const stored = reader.u32le(start);
  const bytes = reader.copy(start + 4, end - start - 4, 'Snappy chunk');
  const output = type === 1 ? bytes : decodeSnappy(bytes, start + 4, MOST_CONTENT);
  const sum = crc32c(output);
  // The sum is masked, so that sums of sums don't come to zero (§3).
  const computed = ((((sum >>> 15) | (sum << 17)) >>> 0) + 0xa282ead8) >>> 0;
  if (stored !== computed) throw new Broken(start, 'CRC-32C of a Snappy chunk', stored, computed);
  reader.meter.produce(output.length);
  return output;
}

function accountOther(reader: Reader, ledger: Ledger | null, type: number, start: number, end: number): void {
  if (type < 0x80) throw new Broken(start - 4, 'type of a Snappy chunk', 'a known one', type);
  ledger?.account(start - 4, start, 'structure', 'header of a Snappy chunk');
  if (type === 0xff) {
    reader.expect(start, IDENTIFIER, 'Snappy stream identifier');
    if (end - start !== IDENTIFIER.length)
      throw new Broken(start - 3, 'length of the Snappy identifier', 6, end - start);
    ledger?.account(start, end, 'structure', 'Snappy stream identifier');
  } else if (isZeroFilled(reader, start, end)) ledger?.account(start, end, 'padding', 'zeros');
}
