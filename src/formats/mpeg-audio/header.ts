/** The header of an MPEG audio frame (ISO/IEC 11172-3 section 2.4.2.3, ISO/IEC 13818-3). */
export interface FrameHeader {
  /** 1, 2 or 2.5. */
  readonly version: number;
  readonly layer: 1 | 2 | 3;
  readonly channels: 1 | 2;
  /** Whether a CRC-16 follows the header. */
  readonly hasSum: boolean;
  /** Of the whole frame, in bytes; 0 where the bit rate is free. */
  readonly length: number;
  readonly padding: number;
  /** The bits that no frame of a stream changes: sync, version, layer, sample rate. */
  readonly constant: number;
  readonly word: number;
}

const versions = [2.5, 0, 2, 1];
const rates = [44_100, 48_000, 32_000];
/** Kilobits a second, by version 1 or 2, and layer. */
const bitRates: Readonly<Record<string, readonly number[]>> = {
  '1-1': [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
  '1-2': [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  '1-3': [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  '2-1': [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
  '2-2': [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
  '2-3': [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
};

const CONSTANT = 0xfffe0c00;

/** Reads a header from its 32 bits; null where they are none. */
export function readHeader(word: number): FrameHeader | null {
  const version = versions[(word >>> 19) & 3]!;
  const layer = 4 - ((word >>> 17) & 3);
  const rateCode = (word >>> 10) & 3;
  const bitCode = (word >>> 12) & 15;
  if (word >>> 21 !== 0x7ff || version === 0 || layer === 4 || rateCode === 3 || bitCode === 15) return null;
  // Emphasis 2 is reserved.
  if ((word & 3) === 2) return null;
  const rate = rates[rateCode]! / (version === 1 ? 1 : version === 2 ? 2 : 4);
  const bits = 1000 * bitRates[`${version === 1 ? 1 : 2}-${layer}`]![bitCode]!;
  const padding = (word >>> 9) & 1;
  return {
    version,
    layer: layer as 1 | 2 | 3,
    channels: ((word >>> 6) & 3) === 3 ? 1 : 2,
    hasSum: ((word >>> 16) & 1) === 0,
    length: bits === 0 ? 0 : lengthOf(layer, version, bits, rate, padding),
    padding: layer === 1 ? 4 * padding : padding,
    constant: word & CONSTANT,
    word,
  };
}

function lengthOf(layer: number, version: number, bits: number, rate: number, padding: number): number {
  if (layer === 1) return (Math.floor((12 * bits) / rate) + padding) * 4;
  const slots = layer === 3 && version !== 1 ? 72 : 144;
  return Math.floor((slots * bits) / rate) + padding;
}

/** Bytes of the side information of layer 3 (section 2.4.1.7). */
export function sideInfoLength({ version, channels }: FrameHeader): number {
  if (version === 1) return channels === 1 ? 17 : 32;
  return channels === 1 ? 9 : 17;
}
