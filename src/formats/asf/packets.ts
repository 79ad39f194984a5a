import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Place } from '../stored.ts';

/** File identifier, count of packets, reserved 0101 (ASF specification section 3.3.1). */
const DATA_HEADER = 26;
/** Framing proves runs longer than a packet; beyond this length it isn't worth it. */
const LONGEST_PACKET = 4000;

/** Accounts for the packets of the data object, all of one size. A scheme means that their payload is encrypted. */
export function accountPackets(place: Place, size: number, scheme: string | null): void {
  const { reader, ledger, start, end } = place;
  if (size === 0) throw new Broken(start, 'packet size', 'told before the data', 'nothing');
  if (start + DATA_HEADER > end) throw new Truncated(end, 'data object', start + DATA_HEADER - end);
  ledger.account(start + 24, start + DATA_HEADER, 'structure', 'data header');
  const data = start + DATA_HEADER;
  const whole = data + Math.floor((end - data) / size) * size;
  let from = data;
  for (let at = data; at < whole; at += size) {
    reader.meter.step();
    const problem = checkPacket(reader, at, size);
    if (problem === null) continue;
    ledger.broken(problem, at + size);
    claim(place, from, at, size, scheme);
    from = at + size;
  }
  claim(place, from, whole, size, scheme);
  if (whole < end) ledger.broken(new Broken(whole, 'packet', `${size} bytes`, end - whole), end);
}

function claim({ ledger }: Place, start: number, end: number, size: number, scheme: string | null): void {
  if (scheme !== null) ledger.protect(start, end, scheme);
  else if (size <= LONGEST_PACKET) ledger.account(start, end, 'structure', 'chain of packets', size + 8);
  else ledger.coded(start, end, 'packets');
}

/**
 * Section 5.2: error correction of two zeros, flags of the lengths' widths, the lengths. Nearly all of the first
 * five bytes is fixed in practice.
 */
function checkPacket(reader: Reader, at: number, size: number): Broken | null {
  let next = at;
  const first = reader.u8(at);
  if ((first & 0x80) !== 0) {
    if (first !== 0x82 || reader.u16le(at + 1) !== 0)
      return new Broken(
        at,
        'error correction of a packet',
        '82 00 00',
        Buffer.from(reader.bytes(at, 3)).toString('hex'),
      );
    next += 3;
  }
  const [lengths, properties] = [reader.u8(next), reader.u8(next + 1)];
  if ((lengths & 0x80) !== 0 || properties !== 0x5d)
    return new Broken(next, 'flags of a packet', '5d', properties.toString(16));
  next += 2;
  const field = (code: number) => {
    const width = [0, 1, 2, 4][code & 3]!;
    const value =
      width === 0 ? 0 : width === 1 ? reader.u8(next) : width === 2 ? reader.u16le(next) : reader.u32le(next);
    next += width;
    return value;
  };
  const length = field(lengths >> 5);
  field(lengths >> 1);
  const padding = field(lengths >> 3);
  if (length > size || padding >= size)
    return new Broken(at, 'length of a packet', `at most ${size}`, Math.max(length, padding));
  return null;
}
