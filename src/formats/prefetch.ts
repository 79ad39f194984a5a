import { Broken, Truncated } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Format } from './format.ts';

const HEADER = 84;
const SECTIONS = 36;
/** Bytes of a file metrics entry and of a trace chain entry, by version. */
const entries: Readonly<Record<number, { readonly metrics: number; readonly trace: number }>> = {
  17: { metrics: 20, trace: 12 },
  23: { metrics: 32, trace: 12 },
  26: { metrics: 32, trace: 12 },
  30: { metrics: 32, trace: 8 },
  31: { metrics: 32, trace: 8 },
};
/** Random bytes are all below 7F with probability 2⁻ⁿ. */
const NAMES_FLOOR = 24;

export const prefetch: Format = {
  id: 'prefetch',
  title: 'Windows prefetch',
  extensions: [],
  signatures: [{ at: 4, hex: '53434341' }],
  spec: 'libscca documentation, Windows Prefetch File',
  proof: 'sections tile the file, entries refer to names, which are UTF-16; traces and volumes stay raw',
  texture: 'plain',
  verify(reader: Reader, ledger: Ledger): void {
    const version = reader.u32le(0);
    const sizes = entries[version];
    if (sizes === undefined) throw new Broken(0, 'version', '17, 23, 26, 30 or 31', version);
    const size = reader.u32le(12, 'file size');
    if (size > reader.size) throw new Truncated(reader.size, 'file', size - reader.size);
    const at = (index: number) => reader.u32le(HEADER + 4 * index, 'sections');
    const sections = [at(0), at(2), at(4), at(6), at(6) + at(8)];
    const names = { start: at(4), end: at(4) + at(5) };
    const isOrdered = sections.every(
      (start, i) => start >= (sections[i - 1] ?? HEADER + SECTIONS) && start <= size,
    );
    if (!isOrdered || names.end > at(6))
      throw new Broken(HEADER, 'sections', 'ascending offsets', sections.join(' '));
    if (at(0) + at(1) * sizes.metrics > at(2))
      throw new Broken(HEADER + 4, 'file metrics', 'room before the traces', at(1));
    if (at(2) + at(3) * sizes.trace > at(4))
      throw new Broken(HEADER + 12, 'trace chains', 'room before the names', at(3));
    accountHeader(reader, ledger, at(0));
    accountMetrics(reader, ledger, {
      start: at(0),
      count: at(1),
      size: sizes.metrics,
      namesLength: at(5),
      version,
    });
    ledger.raw(at(2), at(4), 'trace chains');
    accountNames(reader, ledger, names.start, names.end);
    ledger.raw(names.end, size, 'volumes');
    ledger.trailing(size, reader.size);
  },
};

function accountHeader(reader: Reader, ledger: Ledger, end: number): void {
  ledger.account(0, 16, 'structure', 'header', 8);
  ledger.raw(16, HEADER, 'name and hash');
  ledger.account(HEADER, HEADER + SECTIONS, 'structure', 'sections', 8);
  ledger.raw(HEADER + SECTIONS, Math.min(end, reader.size), 'times and counts');
}

interface Metrics {
  readonly start: number;
  readonly count: number;
  readonly size: number;
  readonly namesLength: number;
  readonly version: number;
}

/** Each entry names a file, by its place among the names and its length in characters. */
function accountMetrics(
  reader: Reader,
  ledger: Ledger,
  { start, count, size, namesLength, version }: Metrics,
): void {
  const nameAt = version === 17 ? 8 : 12;
  for (let i = 0, at = start; i < count; i++, at += size) {
    reader.meter.step();
    const offset = reader.u32le(at + nameAt, 'file metrics');
    const length = reader.u32le(at + nameAt + 4, 'file metrics');
    if (offset + 2 * length > namesLength) {
      throw new Broken(at + nameAt, 'name of a file', `up to ${namesLength}`, offset + 2 * length);
    }
  }
  ledger.account(start, start + count * size, 'structure', 'file metrics', 2 * size);
}

/** Names that are ASCII throughout are proved by it; others stay raw. */
function accountNames(reader: Reader, ledger: Ledger, start: number, end: number): void {
  let isAscii = true;
  for (const part of reader.stream(start, end, 'names of files')) {
    isAscii &&= part.every((byte) => byte < 0x7f);
  }
  if (isAscii) ledger.account(start, end, 'grammar', 'names of files', NAMES_FLOOR);
  else ledger.raw(start, end, 'names of files');
}
