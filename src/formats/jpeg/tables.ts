import { Broken } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { HuffmanTable } from '../../checks/jpeg-scan.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { isUsualQuantiser, usualAc, usualDc } from './usual-tables.ts';

/** Where in the file a table stands: a scan that decodes by it proves it. */
export interface StoredTable extends HuffmanTable {
  readonly range: Range | null;
}

/** The tables that hold at a place of the stream; later definitions replace earlier ones. */
export interface Tables {
  readonly dc: (StoredTable | undefined)[];
  readonly ac: (StoredTable | undefined)[];
  /** 64 steps each, in zigzag order. */
  readonly quantisers: (Uint16Array | undefined)[];
  /** MCUs between restart markers, 0 for none. */
  restartInterval: number;
}

export function noTables(): Tables {
  return { dc: [], ac: [], quantisers: [], restartInterval: 0 };
}

/** Motion JPEG leaves out the Huffman tables of annex K. */
export function huffmanTable(tables: Tables, kind: 'dc' | 'ac', selector: number): StoredTable | undefined {
  const usual = (kind === 'dc' ? usualDc : usualAc)[selector];
  return tables[kind][selector] ?? (usual === undefined ? undefined : { ...usual, range: null });
}

/** Most tables have no step above half of the range: 20 random bytes keep to that once in a million. */
const FINE = 128;
const FINE_FLOOR = 20;

/** DQT (T.81 B.2.4.1). Steps as annex K has them are fixed values; of others any but zero would do. */
export function readQuantisers(
  reader: Reader,
  ledger: Ledger,
  tables: Tables,
  start: number,
  end: number,
): void {
  for (let at = start; at < end; ) {
    reader.meter.step();
    const selector = reader.u8(at, 'DQT');
    const size = selector >> 4 === 0 ? 1 : 2;
    if (selector >> 5 !== 0 || (selector & 15) > 3) throw new Broken(at, 'DQT selector', '0 to 3', selector);
    const to = at + 1 + 64 * size;
    if (to > end) throw new Broken(at, 'DQT length', to - start, end - start);
    const steps = Uint16Array.from({ length: 64 }, (_, i) => readStep(reader, at + 1 + i * size, size));
    const zero = steps.indexOf(0);
    if (zero >= 0) throw new Broken(at + 1 + zero * size, 'quantiser step', 'a positive number', 0);
    tables.quantisers[selector & 15] = steps;
    ledger.account(at, at + 1, 'structure', 'DQT');
    if (isUsualQuantiser(steps)) ledger.account(at, to, 'structure', 'DQT of T.81 annex K');
    else if (steps.every((step) => step <= FINE))
      ledger.account(at, to, 'grammar', 'DQT of small steps', FINE_FLOOR);
    at = to;
  }
}

function readStep(reader: Reader, at: number, size: number): number {
  return size === 1 ? reader.u8(at) : reader.u16be(at);
}

/** DHT (T.81 B.2.4.2). What it says is proved by the scans that decode by it. */
export function readHuffmanTables(reader: Reader, tables: Tables, start: number, end: number): void {
  for (let at = start; at < end; ) {
    reader.meter.step();
    const selector = reader.u8(at, 'DHT');
    if (selector >> 5 !== 0 || (selector & 15) > 3) throw new Broken(at, 'DHT selector', '0 to 3', selector);
    const counts = reader.copy(at + 1, 16, 'DHT counts');
    const total = counts.reduce((sum, count) => sum + count, 0);
    const to = at + 17 + total;
    if (total > 256 || to > end) throw new Broken(at + 1, 'DHT counts', `at most ${end - at - 17}`, total);
    const values = reader.copy(at + 17, total, 'DHT values');
    if (new Set(values).size !== total) throw new Broken(at + 17, 'DHT values', 'each once', 'repeated ones');
    const kind = selector >> 4 === 0 ? tables.dc : tables.ac;
    kind[selector & 15] = { counts, values, range: { start: at, end: to } };
    at = to;
  }
}
