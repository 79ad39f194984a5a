import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { ScanKind } from '../../checks/jpeg-scan.ts';
import type { Component, Frame } from './frame.ts';

export interface ScanComponent {
  readonly component: Component;
  /** Its place in the frame. */
  readonly index: number;
  /** Table selectors. */
  readonly dc: number;
  readonly ac: number;
}

/** A scan header (T.81 B.2.3). */
export interface Scan {
  readonly kind: ScanKind;
  readonly components: readonly ScanComponent[];
  /** Ss, Se, Ah, Al; of a lossless scan Ss is the predictor and Al the point transform. */
  readonly first: number;
  readonly last: number;
  readonly high: number;
  readonly low: number;
}

/** Reads the scan header whose parameters begin at `at` and take `length` bytes. @throws Broken */
export function readScan(reader: Reader, frame: Frame, at: number, length: number): Scan {
  const count = reader.u8(at, 'scan component count');
  if (count < 1 || count > 4 || length !== 4 + 2 * count) {
    throw new Broken(at, 'scan component count', `1 to 4, as the length ${length} has it`, count);
  }
  const components = Array.from({ length: count }, (_, i) => readComponent(reader, frame, at + 1 + 2 * i));
  if (new Set(components.map(({ index }) => index)).size < count) {
    throw new Broken(at + 1, 'scan components', 'each once', 'a repeated one');
  }
  const to = at + 1 + 2 * count;
  const approximation = reader.u8(to + 2);
  const [first, last] = [reader.u8(to), reader.u8(to + 1)];
  const [high, low] = [approximation >> 4, approximation & 15];
  const scan = { components, first, last, high, low };
  if (frame.coding === 'progressive') return { ...scan, kind: progressiveKind(scan, to) };
  if (frame.coding === 'lossless') return { ...scan, kind: losslessKind(scan, to) };
  return { ...scan, kind: 'sequential', first: 0, last: 63, high: 0, low: 0 };
}

function readComponent(reader: Reader, frame: Frame, at: number): ScanComponent {
  const id = reader.u8(at);
  const index = frame.components.findIndex((component) => component.id === id);
  const component = frame.components[index];
  if (component === undefined) throw new Broken(at, 'scan component', 'one of the frame', id);
  const tables = reader.u8(at + 1);
  const [dc, ac] = [tables >> 4, tables & 15];
  if (dc > 3 || ac > 3) throw new Broken(at + 1, 'table selectors', '0 to 3', tables);
  return { component, index, dc, ac };
}

type Bounds = Omit<Scan, 'kind'>;

/** T.81 G.1.1.1.1 */
function progressiveKind({ components, first, last, high, low }: Bounds, at: number): ScanKind {
  const isDc = first === 0;
  const isBand = isDc ? last === 0 : components.length === 1 && last >= first && last <= 63;
  if (!isBand) throw new Broken(at, 'spectral selection', 'a band', `${first}–${last}`);
  if (low > 13 || (high !== 0 && high !== low + 1)) {
    throw new Broken(at + 2, 'successive approximation', 'one bit more than before', `${high}, ${low}`);
  }
  if (isDc) return high === 0 ? 'dcFirst' : 'dcRefine';
  return high === 0 ? 'acFirst' : 'acRefine';
}

/** T.81 H.1.2, table H.1 */
function losslessKind({ first, low }: Bounds, at: number): ScanKind {
  if (first < 1 || first > 7) throw new Broken(at, 'predictor', '1 to 7', first);
  if (low > 15) throw new Broken(at + 2, 'point transform', 'at most 15', low);
  return 'lossless';
}
