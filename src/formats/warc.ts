import { Broken, Truncated } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Context, Format } from './format.ts';
import { examineStored } from './stored.ts';
import { accountText } from './text-field.ts';

export const warc: Format = {
  id: 'warc',
  title: 'Web ARChive',
  extensions: ['warc'],
  signatures: [
    { at: 0, hex: '574152432f302e' },
    { at: 0, hex: '574152432f312e' },
  ],
  spec: 'ISO 28500:2017 §4–5',
  proof: 'headers by grammar, records by their length and by what their content proves itself',
  texture: 'packed',
  verify(reader: Reader, ledger: Ledger, context: Context): void {
    for (let at = 0; at < reader.size; ) {
      reader.meter.step();
      at = takeRecord(reader, ledger, context, at);
    }
  },
};

const MOST_HEADER = 1 << 16;
const FIELD = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+:|^[ \t]/;

/** Header lines, an empty line, the block, two line ends. Gives the end. @throws Broken, Truncated */
function takeRecord(reader: Reader, ledger: Ledger, context: Context, start: number): number {
  reader.expect(start, 'WARC/', 'WARC version');
  const headerEnd = reader.indexOf('\r\n\r\n', start, Math.min(reader.size, start + MOST_HEADER));
  if (headerEnd < 0) throw new Truncated(reader.size, 'header of a WARC record', 4);
  const fields = readFields(reader, start, headerEnd);
  const from = headerEnd + 4;
  accountText(reader, ledger, start, from, 'WARC header');
  const length = Number(fields.get('content-length'));
  if (!Number.isSafeInteger(length) || length < 0)
    throw new Broken(start, 'Content-Length', 'a number', length);
  const end = from + length;
  if (end > reader.size)
    ledger.broken(new Truncated(reader.size, 'block of a WARC record', end - reader.size));
  takeBlock(reader, ledger, context, { fields, start: from, end: Math.min(end, reader.size) });
  if (end >= reader.size) return reader.size;
  reader.expect(end, '\r\n\r\n', 'end of a WARC record');
  ledger.account(end, end + 4, 'structure', 'end of a record');
  return end + 4;
}

function readFields(reader: Reader, start: number, end: number): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of reader
    .latin1(start, end - start)
    .split('\r\n')
    .slice(1)) {
    if (!FIELD.test(line))
      throw new Broken(start, 'field of a WARC header', 'name and value', line.slice(0, 40));
    const colon = line.indexOf(':');
    fields.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  return fields;
}

interface Block {
  readonly fields: ReadonlyMap<string, string>;
  readonly start: number;
  readonly end: number;
}

/** HTTP messages have a header of their own before what they carry. */
function takeBlock(reader: Reader, ledger: Ledger, context: Context, { fields, start, end }: Block): void {
  const place = { reader, ledger, context, end };
  const name = nameOf(fields.get('warc-target-uri') ?? '');
  const isHttp = (fields.get('content-type') ?? '').startsWith('application/http');
  const headerEnd = isHttp ? reader.indexOf('\r\n\r\n', start, Math.min(end, start + MOST_HEADER)) : -1;
  if (headerEnd < 0) {
    examineStored({ ...place, start }, name);
    return;
  }
  accountText(reader, ledger, start, headerEnd + 4, 'HTTP header');
  examineStored({ ...place, start: headerEnd + 4 }, name);
}

/** The last part of the address's path, whose extension tells the type. */
function nameOf(address: string): string {
  return /([^/?#<>]*)(?:[?#][^/]*)?>?$/.exec(address)?.[1] ?? '';
}
