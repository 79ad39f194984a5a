import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import { type FrameKind, frames } from './markers.ts';

export interface Component {
  readonly id: number;
  /** Sampling factors, 1–4. */
  readonly h: number;
  readonly v: number;
  readonly quantiser: number;
  /** Data units of a scan of this component alone. */
  readonly unitsWide: number;
  readonly unitsHigh: number;
}

/** A frame header (T.81 B.2.2). */
export interface Frame extends FrameKind {
  readonly at: number;
  readonly precision: number;
  readonly width: number;
  readonly height: number;
  readonly components: readonly Component[];
  /** MCUs of a scan of several components. */
  readonly mcusWide: number;
  readonly mcusHigh: number;
}

/**
 * Reads the frame header whose parameters begin at `at` and take `length` bytes.
 * @param lines what DNL says, for a frame that leaves its height to it
 * @throws Broken
 */
export function readFrame(reader: Reader, marker: number, at: number, length: number, lines: number): Frame {
  const kind = frames.get(marker)!;
  const [precision, count] = [reader.u8(at, 'sample precision'), reader.u8(at + 5, 'component count')];
  const height = reader.u16be(at + 1) || lines;
  const width = reader.u16be(at + 3);
  if (!allowsPrecision(kind, precision))
    throw new Broken(at, 'sample precision', 'one of the coding', precision);
  if (width === 0) throw new Broken(at + 3, 'width', 'a positive number', 0);
  if (height === 0) throw new Broken(at + 1, 'height', 'a positive number', 0);
  if (count === 0 || length !== 6 + 3 * count)
    throw new Broken(at + 5, 'component count', (length - 6) / 3, count);
  const sides = Array.from({ length: count }, (_, i) => readFactors(reader, at + 6 + 3 * i));
  const unit = kind.coding === 'lossless' || kind.entropy === 'golomb' ? 1 : 8;
  const hMax = Math.max(...sides.map(({ h }) => h));
  const vMax = Math.max(...sides.map(({ v }) => v));
  const components = sides.map((side) => ({
    ...side,
    unitsWide: Math.ceil(Math.ceil((width * side.h) / hMax) / unit),
    unitsHigh: Math.ceil(Math.ceil((height * side.v) / vMax) / unit),
  }));
  const mcusWide = Math.ceil(width / (unit * hMax));
  const mcusHigh = Math.ceil(height / (unit * vMax));
  return { ...kind, at, precision, width, height, components, mcusWide, mcusHigh };
}

function readFactors(reader: Reader, at: number): { id: number; h: number; v: number; quantiser: number } {
  const factors = reader.u8(at + 1, 'sampling factors');
  const [h, v] = [factors >> 4, factors & 15];
  if (h < 1 || h > 4 || v < 1 || v > 4) throw new Broken(at + 1, 'sampling factors', '1 to 4', `${h}×${v}`);
  const quantiser = reader.u8(at + 2);
  if (quantiser > 3) throw new Broken(at + 2, 'quantiser selector', '0 to 3', quantiser);
  return { id: reader.u8(at), h, v, quantiser };
}

function allowsPrecision({ coding, entropy }: FrameKind, bits: number): boolean {
  if (coding === 'lossless' || entropy === 'golomb') return bits >= 2 && bits <= 16;
  return bits === 8 || (bits === 12 && coding !== 'baseline');
}
