import { Broken, OverBudget, Truncated } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context, Format } from '../format.ts';
import { examineStored } from '../stored.ts';
import { codecOf } from './codecs.ts';

const SYNC = 16;

export const avro: Format = {
  id: 'avro',
  title: 'Avro object container',
  extensions: ['avro'],
  signatures: [{ at: 0, hex: '4f626a01' }],
  spec: 'Apache Avro 1.11, Object Container Files',
  proof:
    'blocks tile the file, each with the mark of the header; packed ones by CRC-32 or decoder, others by contrast',
  texture: 'packed',
  verify(reader: Reader, ledger: Ledger, context: Context): void {
    const header = readHeader(reader, ledger, context);
    const sync = reader.copy(header.end, SYNC, 'sync mark');
    const verifyBlock = codecOf(header.codec);
    // The mark is any 16 bytes, but each block repeats it.
    if (header.end + SYNC < reader.size)
      ledger.account(header.end, header.end + SYNC, 'structure', 'sync mark');
    for (let at = header.end + SYNC; at < reader.size; ) {
      reader.meter.step();
      const count = readLong(reader, at);
      const size = readLong(reader, count.end);
      const block = { start: size.end, end: size.end + size.value };
      if (count.value < 0 || size.value < 0)
        throw new Broken(at, 'header of a block', 'count and size', 'negative numbers');
      if (block.end + SYNC > reader.size)
        throw new Truncated(reader.size, 'block', block.end + SYNC - reader.size);
      reader.expect(block.end, sync, 'sync mark');
      ledger.account(at, block.start, 'structure', 'headers of blocks', 24);
      ledger.account(block.end, block.end + SYNC, 'structure', 'sync mark');
      tryBlock(ledger, block, () => verifyBlock(reader, ledger, block));
      at = block.end + SYNC;
    }
  },
};

function tryBlock(ledger: Ledger, block: Range, verify: () => void): void {
  try {
    verify();
  } catch (error) {
    if (error instanceof OverBudget || !(error instanceof Broken)) throw error;
    ledger.broken(
      error instanceof Truncated
        ? new Broken(error.at, error.what, 'its end', 'the end of the block')
        : error,
      block.end,
    );
  }
}

/** A map from names to bytes, in blocks of counted entries that end with a count of zero. */
function readHeader(reader: Reader, ledger: Ledger, context: Context): { end: number; codec: string } {
  let codec = 'null';
  let at = 4;
  for (;;) {
    const count = readLong(reader, at);
    at = count.value < 0 ? readLong(reader, count.end).end : count.end;
    if (count.value === 0) break;
    for (let i = 0; i < Math.abs(count.value); i++) {
      reader.meter.step();
      const key = readRange(reader, at);
      const value = readRange(reader, key.end);
      const name = reader.latin1(key.start, key.end - key.start, 'key');
      if (!/^[\x21-\x7e]+$/.test(name))
        throw new Broken(key.start, 'key of the metadata', 'a name', name.slice(0, 20));
      if (name === 'avro.codec') codec = reader.latin1(value.start, value.end - value.start, 'codec');
      ledger.account(at, value.start, 'grammar', 'keys of the metadata');
      if (name === 'avro.codec') ledger.account(value.start, value.end, 'grammar', 'codec');
      else
        examineStored({ reader, ledger, context, ...value }, name === 'avro.schema' ? 'schema.json' : name);
      at = value.end;
    }
  }
  ledger.account(0, 5, 'structure', 'magic');
  ledger.account(at - 1, at, 'structure', 'end of the metadata');
  return { end: at, codec };
}

function readRange(reader: Reader, at: number): Range {
  const { value, end } = readLong(reader, at);
  if (value < 0) throw new Broken(at, 'length', 'not negative', value);
  if (end + value > reader.size) throw new Truncated(reader.size, 'metadata', end + value - reader.size);
  return { start: end, end: end + value };
}

/** Zigzag numbers of 64 bits in groups of 7. */
function readLong(reader: Reader, start: number): { value: number; end: number } {
  let raw = 0;
  for (let i = 0; i < 8; i++) {
    const byte = reader.u8(start + i, 'number');
    raw += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { value: raw % 2 === 0 ? raw / 2 : -(raw + 1) / 2, end: start + i + 1 };
  }
  throw new Broken(start, 'number', 'less than 2^53', 'more');
}
