import { Broken, OverBudget } from '../../bytes/errors.ts';
import { overrun } from '../../bytes/overrun.ts';
import { decodeVp8l } from '../../checks/vp8l.ts';
import type { Place } from '../stored.ts';
import { isZeroFilled } from '../tail.ts';

const MOST_LOSSLESS = 64 << 20;
const FRAME_HEADER = 10;

/** RFC 6386 section 9.1: a key frame; the first partition's length must leave room for the others. */
export function accountLossy({ reader, ledger, start, end }: Place): void {
  if (end - start < FRAME_HEADER) throw overrun(reader, end, 'VP8 frame', FRAME_HEADER);
  const tag = reader.u8(start) | (reader.u16le(start + 1) << 8);
  if ((tag & 1) !== 0 || ((tag >> 1) & 7) > 3)
    throw new Broken(start, 'VP8 frame tag', 'a key frame', tag & 15);
  reader.expect(start + 3, [0x9d, 0x01, 0x2a], 'VP8 start code');
  const firstEnd = start + FRAME_HEADER + (tag >> 5);
  if (firstEnd > end)
    throw new Broken(start, 'first partition', `at most ${end - start - FRAME_HEADER}`, tag >> 5);
  ledger.account(start, start + FRAME_HEADER, 'structure', 'VP8 frame header', 8);
  ledger.coded(start + FRAME_HEADER, end, 'VP8 partitions');
}

const LOSSLESS_HEADER = 5;

/** RFC 9649 section 3.4. */
export function accountLossless(place: Place): void {
  const { reader, ledger, start, end } = place;
  if (end - start < LOSSLESS_HEADER) throw overrun(reader, end, 'VP8L header', LOSSLESS_HEADER);
  const size = reader.u32le(start + 1);
  if (reader.u8(start) !== 0x2f || size >>> 29 !== 0)
    throw new Broken(start, 'VP8L header', '2f, version 0', size);
  ledger.account(start, start + LOSSLESS_HEADER, 'structure', 'VP8L header');
  const [width, height] = [(size & 0x3fff) + 1, ((size >>> 14) & 0x3fff) + 1];
  accountStream({ ...place, start: start + LOSSLESS_HEADER }, width, height);
}

/** Section 2.7.1.2: a header byte; then raw values, or VP8L data without header. */
export function accountAlpha(place: Place, width: number, height: number): void {
  const { reader, ledger, start, end } = place;
  const flags = reader.u8(start, 'ALPH header');
  ledger.account(start, start + 1, 'structure', 'ALPH header');
  if ((flags & 3) === 1) {
    accountStream({ ...place, start: start + 1 }, width, height);
    return;
  }
  if ((flags & 3) > 1) throw new Broken(start, 'alpha compression', '0 or 1', flags & 3);
  const missing = start + 1 + width * height - end;
  if (missing > 0) throw overrun(reader, end, 'alpha values', missing);
  ledger.raw(start + 1, end, 'alpha values');
}

/**
 * All pixels must come out of exactly these bytes. Prefix codes are complete and find back into step, so that random
 * bytes contradict this in about 99 of 100 cases only, however many they are: found out if wrong, but never proved.
 */
function accountStream({ reader, ledger, start, end }: Place, width: number, height: number): void {
  if (end - start > MOST_LOSSLESS) throw new OverBudget('bytes of one lossless image', MOST_LOSSLESS);
  const taken = decodeVp8l(reader.whole(start, end), start, width, height, reader.meter);
  const dataEnd = start + taken;
  if (!isZeroFilled(reader, dataEnd, end))
    throw new Broken(dataEnd, 'VP8L data', 'their end', `${end - dataEnd} more`);
  ledger.coded(start, end, 'VP8L data');
}
