import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import { accountTextOrRaw } from '../short-text.ts';
import type { Place } from '../stored.ts';

const SOC = 0xff4f;
const SIZ = 0xff51;
const SOT = 0xff90;
const SOD = 0xff93;
const EOC = 0xffd9;
const COM = 0xff64;

/** Segments of parameters (T.800 table A.2, T.801 table A.1, T.814); all have a length. */
function isSegment(marker: number): boolean {
  return (marker >= 0xff50 && marker <= 0xff7f) || marker === 0xff30;
}

/**
 * A JPEG 2000 codestream (T.800 annex A): main header, tile-parts, end. Gives where it ends.
 * Packet data never hold FF followed by more than 8F, which random bytes do every 600 bytes or so. @throws Broken
 */
export function accountCodestream(place: Place): number {
  const { reader, ledger, start, end } = place;
  expectMarker(reader, start, SOC);
  expectMarker(reader, start + 2, SIZ);
  ledger.account(start, start + 2, 'structure', 'SOC');
  let at = accountSegments(place, start + 2, SOT);
  while (at < end) {
    reader.meter.step();
    const marker = reader.u16be(at, 'marker');
    if (marker === EOC) {
      ledger.account(at, at + 2, 'structure', 'EOC');
      return at + 2;
    }
    if (marker !== SOT) throw new Broken(at, 'marker', 'SOT or EOC', marker.toString(16));
    at = accountTilePart(place, at);
  }
  ledger.oddity(at, 'the codestream has no end marker');
  return at;
}

function expectMarker(reader: Reader, at: number, marker: number): void {
  const found = reader.u16be(at, 'marker');
  if (found !== marker) throw new Broken(at, 'marker', marker.toString(16), found.toString(16));
}

/** Marker segments up to the marker `until`; gives where that stands. */
function accountSegments({ reader, ledger, end }: Place, start: number, until: number): number {
  let at = start;
  for (;;) {
    reader.meter.step();
    const marker = reader.u16be(at, 'marker');
    if (marker === until) return at;
    if (!isSegment(marker)) throw new Broken(at, 'marker', 'of a segment', marker.toString(16));
    const next = at + 2 + reader.u16be(at + 2, 'segment length');
    if (next > end) throw new Truncated(end, 'marker segment', next - end);
    if (next < at + 4) throw new Broken(at + 2, 'segment length', 'at least 2', next - at - 2);
    const fixed = marker === COM ? Math.min(next, at + 6) : Math.min(next, at + 4);
    ledger.account(at, fixed, 'structure', 'marker segment');
    if (marker === COM) accountTextOrRaw(reader, ledger, fixed, next, 'comment');
    else if (marker === SIZ || marker === 0xff52 || marker === 0xff5c)
      ledger.account(fixed, next, 'structure', 'sizes and coding styles', 16);
    else ledger.raw(fixed, next, 'marker segment');
    at = next;
  }
}

/** Section A.4.2: the length of a tile-part counts from its marker; 0 for the last means to the end. */
function accountTilePart(place: Place, at: number): number {
  const { reader, ledger, end } = place;
  if (reader.u16be(at + 2, 'SOT length') !== 10)
    throw new Broken(at + 2, 'SOT length', 10, reader.u16be(at + 2));
  const length = reader.u32be(at + 6, 'tile-part length');
  const next = length === 0 ? endOfLast(reader, end) : at + length;
  if (next > end)
    throw end >= reader.size
      ? new Truncated(end, 'tile-part', next - end)
      : new Broken(at + 6, 'tile-part length', end - at, length);
  ledger.account(at, at + 12, 'structure', 'SOT', 12);
  const data = accountSegments({ ...place, end: next }, at + 12, SOD) + 2;
  ledger.account(data - 2, data, 'structure', 'SOD');
  accountPackets(place, data, next);
  return next;
}

function endOfLast(reader: Reader, end: number): number {
  return reader.u16be(end - 2) === EOC ? end - 2 : end;
}

function accountPackets({ reader, ledger }: Place, start: number, end: number): void {
  let wasFf = false;
  let at = start;
  for (const part of reader.stream(start, end, 'packets')) {
    reader.meter.step();
    for (let i = 0; i < part.length; i++) {
      const byte = part[i]!;
      // SOP and EPH (FF91, FF92) may stand between packets.
      if (wasFf && byte > 0x8f && byte !== 0x91 && byte !== 0x92)
        throw new Broken(at + i - 1, 'packet data', 'no marker', `ff${byte.toString(16)}`);
      wasFf = byte === 0xff;
    }
    at += part.length;
  }
  ledger.coded(start, end, 'packets');
}
