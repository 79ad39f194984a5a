import { Broken } from '../../bytes/errors.ts';
import { overrun } from '../../bytes/overrun.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context } from '../format.ts';
import { accountComment, accountDeferred, accountSegment } from './application.ts';
import { type Frame, readFrame } from './frame.ts';
import * as marker from './markers.ts';
import { Progress } from './progress.ts';
import { decodeScan, type History, isBeyondMemory, obstacleTo } from './scan.ts';
import { readScan } from './scan-header.ts';
import type { Deferred } from './segment.ts';
import { walkStuffing } from './stuffing.ts';
import { noTables, readHuffmanTables, readQuantisers, type Tables } from './tables.ts';

/** What an image said of itself beyond its samples, for those who look at what follows it. */
export interface Image {
  /** Where EOI ends. */
  readonly end: number;
  readonly hasScans: boolean;
  /** Images that an index (MPF) announces. */
  readonly announced: readonly Range[];
}

/** Accounts for one image from SOI to EOI (T.81 annex B). */
export function verifyImage(
  reader: Reader,
  ledger: Ledger,
  context: Context,
  { start, end }: Range,
  tables: Tables = noTables(),
): Image {
  const image = new ImageWalk(reader, ledger, context, end, tables);
  return image.walk(start);
}

class ImageWalk {
  readonly #reader: Reader;
  readonly #ledger: Ledger;
  readonly #context: Context;
  readonly #end: number;
  readonly #tables: Tables;
  readonly #history: History = new Map();
  readonly #later: Deferred;
  #frame: Frame | null = null;
  #progress: Progress | null = null;
  #scans = 0;

  constructor(reader: Reader, ledger: Ledger, context: Context, end: number, tables: Tables) {
    this.#reader = reader;
    this.#ledger = ledger;
    this.#context = context;
    this.#end = end;
    this.#tables = tables;
    this.#later = { icc: [], extendedXmp: [], announced: [] };
  }

  /** Whatever happens on the way, what came in pieces is looked at in the end. */
  walk(start: number): Image {
    try {
      return this.#walkSegments(start);
    } finally {
      const [reader, ledger, context] = [this.#reader, this.#ledger, this.#context];
      accountDeferred({ reader, ledger, context }, this.#later);
    }
  }

  #walkSegments(start: number): Image {
    this.#reader.expect(start, [0xff, marker.SOI], 'SOI');
    this.#ledger.account(start, start + 2, 'structure', 'SOI');
    let at = start + 2;
    for (let code = 0; code !== marker.EOI; ) {
      this.#reader.meter.step();
      const found = this.#findMarker(at);
      if (found === null) break;
      code = found.code;
      this.#ledger.account(at, found.end, 'structure', 'marker');
      at = this.#take(code, found.end);
    }
    this.#progress?.checkComplete(at);
    return { end: at, hasScans: this.#scans > 0, announced: this.#later.announced };
  }

  /** Fill bytes of 0xFF may stand before any marker (B.1.1.2); null where the file ends after its last scan. */
  #findMarker(at: number): { code: number; end: number } | null {
    let next = at;
    if (next >= this.#end && this.#scans > 0) {
      this.#ledger.oddity(at, 'no EOI at the end');
      return null;
    }
    if (this.#byte(next) !== 0xff) next = this.#passZeros(next);
    while (this.#byte(next) === 0xff) next++;
    return { code: this.#byte(next), end: next + 1 };
  }

  #byte(at: number): number {
    if (at >= this.#end) throw overrun(this.#reader, this.#end, 'marker', 1);
    return this.#reader.u8(at, 'marker');
  }

  #passZeros(start: number): number {
    let at = start;
    while (this.#byte(at) === 0) at++;
    if (at === start || this.#byte(at) !== 0xff)
      throw new Broken(at, 'marker', 'ff', this.#byte(at).toString(16));
    this.#ledger.oddity(start, 'zeros before a marker');
    return at;
  }

  #take(code: number, at: number): number {
    if (code === marker.EOI || code === marker.TEM) return at;
    if (code === marker.SOI || code === 0 || marker.isRestart(code)) {
      throw new Broken(at - 2, 'marker', 'one that may stand between segments', `ff${code.toString(16)}`);
    }
    const length = this.#reader.u16be(at, 'segment length');
    const end = at + length;
    if (length < 2) throw new Broken(at, 'segment length', 'at least 2', length);
    if (end > this.#end) throw overrun(this.#reader, this.#end, 'segment', end - this.#end);
    this.#ledger.account(at, at + 2, 'structure', 'segment length');
    return this.#takeSegment(code, at + 2, end);
  }

  #takeSegment(code: number, at: number, end: number): number {
    const [reader, ledger] = [this.#reader, this.#ledger];
    if (marker.frames.has(code)) this.#takeFrame(code, at, end);
    else if (code === marker.SOS) return this.#takeScan(at, end);
    else if (code === marker.DQT) readQuantisers(reader, ledger, this.#tables, at, end);
    else if (code === marker.DHT) readHuffmanTables(reader, this.#tables, at, end);
    else if (code === marker.DRI) this.#takeInterval(at, end);
    else if (code === marker.DNL) this.#takeLines(at, end);
    else if (code === marker.COM) accountComment(reader, ledger, at, end);
    else if (marker.isApplication(code)) {
      const segment = { reader, ledger, context: this.#context, later: this.#later, start: at, end };
      accountSegment(code - marker.APP0, segment);
    } else if (code === marker.DAC) ledger.account(at, end, 'structure', 'DAC', 16);
    else ledger.raw(at, end, `segment FF${code.toString(16)}`);
    return end;
  }

  #takeFrame(code: number, at: number, end: number): void {
    if (this.#frame !== null) throw new Broken(at, 'frame header', 'one', 'a second');
    const lines = this.#reader.u16be(at + 1, 'SOF') === 0 ? this.#findLines(end) : 0;
    this.#frame = readFrame(this.#reader, code, at, end - at, lines);
    this.#progress = new Progress(this.#frame);
    this.#ledger.account(at, end, 'structure', 'frame header', 8);
  }

  /** A frame may leave its height to a DNL segment after the first scan (B.2.5). */
  #findLines(from: number): number {
    const at = this.#reader.indexOf(Buffer.from([0xff, marker.DNL, 0, 4]), from, this.#end);
    return at < 0 ? 0 : this.#reader.u16be(at + 4, 'DNL');
  }

  #takeInterval(at: number, end: number): void {
    if (end - at !== 2) throw new Broken(at - 2, 'DRI length', 4, end - at + 2);
    this.#tables.restartInterval = this.#reader.u16be(at);
    this.#ledger.account(at, end, 'structure', 'restart interval');
  }

  #takeLines(at: number, end: number): void {
    if (end - at !== 2 || this.#scans === 0) throw new Broken(at - 2, 'DNL', 'a scan before', 'none');
    const lines = this.#reader.u16be(at);
    if (lines !== this.#frame?.height) throw new Broken(at, 'DNL lines', this.#frame?.height ?? 0, lines);
    this.#ledger.account(at, end, 'structure', 'number of lines');
  }

  #takeScan(at: number, start: number): number {
    const frame = this.#frame;
    if (frame === null) throw new Broken(at, 'scan', 'a frame header before', 'none');
    const scan = frame.coding === 'other' ? null : readScan(this.#reader, frame, at, start - at);
    this.#ledger.account(at, start, 'structure', 'scan header');
    const range = { start, end: this.#end };
    const obstacle = obstacleTo(frame, scan);
    if (scan !== null) this.#progress?.begin(scan, at);
    const known = { frame, tables: this.#tables, history: this.#history };
    const end =
      obstacle === null && scan !== null
        ? decodeScan(this.#reader, this.#ledger, known, scan, range)
        : this.#passScan(frame, range, obstacle ?? '');
    this.#scans++;
    return end;
  }

  #passScan(frame: Frame, range: Range, obstacle: string): number {
    const end = walkStuffing(this.#reader, this.#ledger, frame, this.#tables.restartInterval, range);
    if (isBeyondMemory(frame)) this.#ledger.unexamined(range.start, end, obstacle);
    else this.#ledger.oddity(range.start, `${obstacle}: checked by byte stuffing alone`);
    return end;
  }
}
