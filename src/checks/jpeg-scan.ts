import { instantiate } from '../kernel/instantiate.ts';
import { wasm } from './jpeg-scan.wasm.ts';

/** A Huffman table as DHT has it (T.81 B.2.4.2). */
export interface HuffmanTable {
  /** How many codes of each length from 1 to 16 bits. */
  readonly counts: Uint8Array;
  readonly values: Uint8Array;
}

/** What a scan holds: all of a block, parts of it (progressive), or samples. The numbers are the decoder's own. */
export const scanKinds = {
  sequential: 0,
  dcFirst: 1,
  dcRefine: 2,
  acFirst: 3,
  acRefine: 4,
  lossless: 5,
} as const;
export type ScanKind = keyof typeof scanKinds;

/** One data unit of an MCU: whose it is and by which tables (0–3) it is coded. */
export interface Unit {
  readonly component: number;
  readonly dc: number;
  readonly ac: number;
  readonly quantiser: number;
}

export interface ScanPlan {
  readonly kind: ScanKind;
  /** Ss: first coefficient, or the predictor of a lossless scan. */
  readonly first: number;
  /** Se */
  readonly last: number;
  /** Al, or Pt */
  readonly low: number;
  /** Bits a sample. */
  readonly precision: number;
  readonly units: readonly Unit[];
}

/** What the decoder answers; from 2 on, why the bytes cannot be this scan. */
export const outcomes = {
  more: 0,
  done: 1,
} as const;
export const contradictions: Readonly<Record<number, string>> = {
  2: 'the scan ends before its last MCU',
  3: 'Huffman code',
  4: 'run beyond the end of the band',
  5: 'coefficient outside of the range of samples',
  6: 'symbol that this kind of scan has not',
};

interface Exports {
  rawAddress(): number;
  rawSize(): number;
  scratchAddress(): number;
  extraAddress(): number;
  reserve(bytes: number): number;
  buildTable(slot: number): number;
  setQuantiser(slot: number, bound: number): void;
  beginScan(kind: number, first: number, last: number, low: number, units: number, precision: number): void;
  setRow(samples: number): void;
  setBlock(i: number, component: number, dc: number, ac: number, quantiser: number): void;
  beginInterval(mcus: number): void;
  unstuff(start: number, count: number): number;
  bitsLeft(): number;
  peekBits(count: number): number;
  decode(ended: number): number;
  remaining(): number;
}

/** mozjpeg's "deringing" lets samples leave their range by 31 of 256. */
const OVERSHOOT = 159 / 128;

/** The decoder of JPEG's entropy-coded segments. One scan at a time: nothing of it outlives the next `begin`. */
export class JpegScanDecoder {
  readonly #wasm = instantiate<Exports>(wasm);
  readonly #rawAt = this.#wasm.rawAddress();
  readonly rawSize = this.#wasm.rawSize();

  constructor() {
    this.#wasm.reserve(0);
  }

  /** `slot`: 0–3 for DC, 4–7 for AC. False where the counts contradict each other. */
  setTable(slot: number, { counts, values }: HuffmanTable): boolean {
    this.#put(this.#wasm.scratchAddress(), counts);
    this.#put(this.#wasm.scratchAddress() + 16, values.subarray(0, 256));
    return this.#wasm.buildTable(slot) !== 0;
  }

  /** `steps`: 64 in zigzag order. `precision`: bits a sample. */
  setQuantiser(slot: number, steps: Uint16Array, precision: number): void {
    let squares = 0;
    for (const step of steps) squares += step * step;
    const most = 8 * 2 ** (precision - 1) * OVERSHOOT + Math.sqrt(squares) / 2;
    this.#put(this.#wasm.scratchAddress(), new Uint8Array(steps.buffer, steps.byteOffset, steps.byteLength));
    this.#wasm.setQuantiser(slot, most);
  }

  begin({ kind, first, last, low, precision, units }: ScanPlan): void {
    units.forEach(({ component, dc, ac, quantiser }, i) => {
      this.#wasm.setBlock(i, component, dc, ac + 4, quantiser);
    });
    this.#wasm.beginScan(scanKinds[kind], first, last, low, units.length, precision);
  }

  /** Space for rows of a lossless scan. False where there's no memory for it. */
  beginRows(samples: number, components: number): boolean {
    this.#wasm.setRow(samples);
    return this.#wasm.reserve(samples * components * 2) !== 0;
  }

  /** Which coefficients of a component's blocks are known to be non-zero: 8 bytes a block. */
  loadHistory(history: Uint8Array): boolean {
    if (this.#wasm.reserve(history.length) === 0) return false;
    this.#put(this.#wasm.extraAddress(), history);
    return true;
  }

  saveHistory(history: Uint8Array): void {
    history.set(new Uint8Array(this.#wasm.memory.buffer, this.#wasm.extraAddress(), history.length));
  }

  beginInterval(mcus: number): void {
    this.#wasm.beginInterval(mcus);
  }

  /** Gives up to `rawSize` bytes of the file, stuffed zeros and all. */
  give(bytes: Uint8Array): void {
    this.#put(this.#rawAt, bytes);
  }

  /** Takes given bytes from `start` to `end`; returns the offset of a 0xFF that is no data, of `end`, or of the rest. */
  take(start: number, end: number): number {
    return this.#wasm.unstuff(start, end);
  }

  decode(isAll: boolean): number {
    return this.#wasm.decode(isAll ? 1 : 0);
  }

  /** Bits taken but not decoded; negative after an overrun. */
  get bitsLeft(): number {
    return this.#wasm.bitsLeft();
  }

  get mcusLeft(): number {
    return this.#wasm.remaining();
  }

  peekBits(count: number): number {
    return this.#wasm.peekBits(count) >>> 0;
  }

  #put(at: number, bytes: Uint8Array): void {
    new Uint8Array(this.#wasm.memory.buffer, at, bytes.length).set(bytes);
  }
}

let shared: JpegScanDecoder | undefined;

/** The decoder of this thread. */
export function jpegScanDecoder(): JpegScanDecoder {
  shared ??= new JpegScanDecoder();
  return shared;
}
