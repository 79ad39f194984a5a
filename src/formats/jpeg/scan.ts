import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import { jpegScanDecoder, type ScanKind, type Unit } from '../../checks/jpeg-scan.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { Feed } from './feed.ts';
import type { Component, Frame } from './frame.ts';
import { RST0 } from './markers.ts';
import type { Scan } from './scan-header.ts';
import { huffmanTable, type StoredTable, type Tables } from './tables.ts';

/**
 * The longest run of random bytes that may pass, by kind of scan. A run of n bytes without a byte of 0xFF (which must
 * be followed by 0) has the probability (255/256)ⁿ: 10⁻⁶ at 3,530. Where symbols are decoded, of runs chosen without
 * 0xFF, of 1,536 bytes, none of 20,000 passed: at most 1.5·10⁻⁴ (95 %), times 2.5·10⁻³ is 3.7·10⁻⁷.
 */
export const scanFloors: Readonly<Record<ScanKind, number>> = {
  sequential: 1536,
  dcFirst: 1536,
  acFirst: 1536,
  acRefine: 3600,
  dcRefine: 3600,
  lossless: 3600,
};

/** Non-zero history that a progressive image may need, in bytes; beyond, its refinements aren't decoded. */
const MOST_HISTORY = 64 << 20;

/** What of an image must be known from scan to scan: which coefficients are non-zero, a bit each, by component. */
export type History = Map<Component, Uint8Array>;

/**
 * Decodes the entropy-coded segments that begin at `start` and returns where they end, at the next marker.
 * Claims them as far as they are proved.
 * @throws Broken, Truncated
 */
export function decodeScan(
  reader: Reader,
  ledger: Ledger,
  { frame, tables, history }: { frame: Frame; tables: Tables; history: History },
  scan: Scan,
  { start, end }: { start: number; end: number },
): number {
  const used = prepare(frame, tables, scan, start);
  const known = prepareMemory(scan, history);
  const decoder = jpegScanDecoder();
  const feed = new Feed(reader, decoder, start, end);
  const floor = scanFloors[scan.kind];
  try {
    walkIntervals(reader, ledger, feed, mcusOf(frame, scan), tables.restartInterval, start);
  } catch (error) {
    if (error instanceof Broken)
      ledger.account(start, Math.max(start, error.at - floor), 'decoder', 'scan', floor);
    throw error;
  }
  if (known.length > 0) decoder.saveHistory(known);
  ledger.account(start, feed.at, 'decoder', `${scan.kind} scan`, floor);
  for (const { range } of used) {
    if (range !== null) ledger.account(range.start, range.end, 'decoder', 'Huffman table of a scan', 16);
  }
  return feed.at;
}

/** T.81 E.2.4: restart markers count modulo eight, and stand after each interval but the last. */
function walkIntervals(
  reader: Reader,
  ledger: Ledger,
  feed: Feed,
  mcus: number,
  interval: number,
  start: number,
): void {
  let at = start;
  for (let done = 0, index = 0; done < mcus; index++) {
    reader.meter.step();
    const count = interval === 0 ? mcus : Math.min(interval, mcus - done);
    feed.begin(at, count);
    feed.decode();
    checkPadding(ledger, feed, index);
    done += count;
    if (done < mcus) at = passRestart(reader, feed.at, index & 7);
  }
}

/** Ones fill up the last byte (T.81 F.1.2.3); some cameras write zeros. */
function checkPadding(ledger: Ledger, feed: Feed, index: number): void {
  const { value, count } = feed.finish();
  if (value === 2 ** count - 1) return;
  if (value !== 0)
    throw new Broken(feed.at - 1, 'padding bits', 'ones', value.toString(2).padStart(count, '0'));
  if (index === 0) ledger.oddity(feed.at - 1, 'zeros as padding bits');
}

function passRestart(reader: Reader, at: number, number: number): number {
  let marker = at + 1;
  while (reader.u8(marker, 'restart marker') === 0xff) marker++;
  if (reader.u8(marker) === RST0 + number) return marker + 1;
  throw new Broken(at, 'restart marker', `RST${number}`, `FF${reader.u8(marker).toString(16)}`);
}

/** MCUs of a scan (T.81 A.2.2 and A.2.3). */
function mcusOf(frame: Frame, { components }: Scan): number {
  const [only] = components;
  if (components.length > 1 || only === undefined) return frame.mcusWide * frame.mcusHigh;
  return only.component.unitsWide * only.component.unitsHigh;
}

function prepare(frame: Frame, tables: Tables, scan: Scan, at: number): StoredTable[] {
  const decoder = jpegScanDecoder();
  const used: StoredTable[] = [];
  const load = (kind: 'dc' | 'ac', selector: number): void => {
    const table = huffmanTable(tables, kind, selector);
    if (table === undefined)
      throw new Broken(at, 'Huffman table', 'a definition', `none of ${kind} ${selector}`);
    if (!decoder.setTable(selector + (kind === 'dc' ? 0 : 4), table)) {
      throw new Broken(table.range?.start ?? at, 'DHT counts', 'a prefix code', 'too many codes');
    }
    used.push(table);
  };
  const needsDc = ['sequential', 'dcFirst', 'lossless'].includes(scan.kind);
  const needsAc = ['sequential', 'acFirst', 'acRefine'].includes(scan.kind);
  for (const selector of new Set(scan.components.map(({ dc }) => dc))) if (needsDc) load('dc', selector);
  for (const selector of new Set(scan.components.map(({ ac }) => ac))) if (needsAc) load('ac', selector);
  if (frame.coding !== 'lossless') loadQuantisers(frame, tables, scan, at);
  const { kind, first, last, low } = scan;
  decoder.begin({ kind, first, last, low, precision: frame.precision, units: unitsOf(scan, at) });
  return used;
}

function loadQuantisers(frame: Frame, tables: Tables, scan: Scan, at: number): void {
  for (const { component } of scan.components) {
    const steps = tables.quantisers[component.quantiser];
    if (steps === undefined)
      throw new Broken(at, 'quantiser', 'a definition', `none of ${component.quantiser}`);
    jpegScanDecoder().setQuantiser(component.quantiser, steps, frame.precision);
  }
}

function unitsOf({ components }: Scan, at: number): Unit[] {
  const units = components.flatMap(({ component, index, dc, ac }) => {
    const repeats = components.length === 1 ? 1 : component.h * component.v;
    return Array<Unit>(repeats).fill({ component: index & 3, dc, ac, quantiser: component.quantiser });
  });
  if (units.length > 10) throw new Broken(at, 'data units of an MCU', 'at most 10', units.length);
  return units;
}

/** Gives the decoder what it must know of earlier scans, and returns it for `saveHistory`. */
function prepareMemory(scan: Scan, history: History): Uint8Array {
  const decoder = jpegScanDecoder();
  const { component } = scan.components[0]!;
  if (scan.kind === 'lossless') decoder.beginRows(component.unitsWide, scan.components.length);
  if (scan.kind !== 'acFirst' && scan.kind !== 'acRefine') return new Uint8Array(0);
  const known = history.get(component) ?? new Uint8Array(historySize(component));
  history.set(component, known);
  decoder.loadHistory(known);
  return known;
}

function historySize({ unitsWide, unitsHigh }: Component): number {
  return 8 * unitsWide * unitsHigh;
}

/** Whether more would have to be known of earlier scans than is held here. */
export function isBeyondMemory({ coding, components }: Frame): boolean {
  const size = components.reduce((sum, component) => sum + historySize(component), 0);
  return coding === 'progressive' && size > MOST_HISTORY;
}

/** Why a scan can't be decoded here, although it may be whole; null where it can. */
export function obstacleTo(frame: Frame, scan: Scan | null): string | null {
  if (frame.entropy === 'arithmetic') return 'arithmetic coding';
  if (frame.entropy === 'golomb') return 'JPEG-LS coding';
  if (frame.coding === 'other' || scan === null) return 'hierarchical coding';
  if (isBeyondMemory(frame)) return 'progressive image of more than 512 megapixels';
  const isSubsampled = scan.components.some(({ component: { h, v } }) => h * v > 1);
  if (frame.coding === 'lossless' && scan.components.length > 1 && isSubsampled)
    return 'subsampled lossless coding';
  return null;
}
