import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import { crc32 } from '../../checks/crc32.ts';
import type { Format } from '../format.ts';
import { accountId3, id3Length } from '../tags/id3v2.ts';
import { accountTailTags } from '../tags/tail-tags.ts';

const HEADER = 22;

export const tta: Format = {
  id: 'tta',
  title: 'True Audio',
  extensions: ['tta'],
  signatures: [{ at: 0, hex: '54544131' }],
  spec: 'TTA1 format description',
  proof: 'CRC-32 of the header, of the seek table, and of each frame',
  texture: 'dense',
  recognise: (head) => head[0] === 0x49 && Buffer.from(head).includes('TTA1'),
  verify(reader, ledger, context): void {
    const whole = { reader, ledger, context, start: 0, end: reader.size };
    const start = id3Length(reader, 0) > 0 ? accountId3(whole) : 0;
    const limit = accountTailTags({ ...whole, start });
    reader.expect(start, 'TTA1', 'signature');
    checkSum(reader, start, start + HEADER, limit, 'header');
    const [rate, samples] = [reader.u32le(start + 10), reader.u32le(start + 14)];
    const perFrame = Math.floor((rate * 256) / 245);
    if (perFrame === 0) throw new Broken(start + 10, 'sample rate', 'above 0', rate);
    const frames = Math.ceil(samples / perFrame);
    const table = start + HEADER;
    const data = table + 4 * frames + 4;
    checkSum(reader, table, data, limit, 'seek table');
    ledger.account(start, data, 'checksum', 'CRC-32 of header and seek table');
    let at = data;
    for (let i = 0; i < frames; i++) {
      reader.meter.step();
      const end = at + reader.u32le(table + 4 * i);
      if (end > limit) throw new Truncated(limit, 'frame', end - limit);
      try {
        checkSum(reader, at, end, limit, 'frame');
        ledger.account(at, end, 'checksum', 'CRC-32 of frames');
      } catch (error) {
        if (!(error instanceof Broken)) throw error;
        ledger.broken(error, end);
      }
      at = end;
    }
    ledger.trailing(at, limit);
  },
};

/** The last four bytes are the sum of those before. @throws Broken, Truncated */
function checkSum(reader: Reader, start: number, end: number, limit: number, what: string): void {
  if (end > limit) throw new Truncated(limit, what, end - limit);
  if (end - start < 4) throw new Broken(start, `length of ${what}`, 'at least 4', end - start);
  let sum = 0;
  for (const part of reader.stream(start, end - 4, what)) {
    reader.meter.step();
    sum = crc32(part, sum);
  }
  const stored = reader.u32le(end - 4, what);
  if (stored !== sum) throw new Broken(end - 4, `CRC-32 of ${what}`, stored, sum);
}
