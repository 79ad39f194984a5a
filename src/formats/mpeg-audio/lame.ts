import type { Reader } from '../../bytes/reader.ts';
import { type FrameHeader, sideInfoLength } from './header.ts';

/** What the first frame says when it holds no sound: Xing, Info or VBRI tags, and LAME's extension. */
export interface InfoFrame {
  /** Frames that follow; −1 where it isn't told. */
  readonly frames: number;
  /** Bytes from this frame on, −1 where it isn't told. */
  readonly bytes: number;
  readonly lame: LameTag | null;
}

/** LAME's tag: lengths and sums (LAME tag specification, revision 1). */
export interface LameTag {
  /** Bytes from this frame on, to the end of the sound. */
  readonly musicLength: number;
  readonly musicSum: number;
  /** Whether the sum over the tag itself fits. */
  readonly isIntact: boolean;
}

/** CRC-16 with polynomial 8005, reflected, from zero. */
const table = new Uint16Array(256);
for (let i = 0; i < 256; i++) {
  let sum = i;
  for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ ((sum & 1) === 0 ? 0 : 0xa001);
  table[i] = sum;
}

export function lameSum(bytes: Uint8Array, seed: number): number {
  let sum = seed;
  for (let i = 0; i < bytes.length; i++) sum = (sum >>> 8) ^ table[(sum ^ bytes[i]!) & 255]!;
  return sum;
}

/** Reads the tag of an information frame at `at`; null where the frame holds sound. */
export function readInfoFrame(reader: Reader, at: number, header: FrameHeader): InfoFrame | null {
  const tag = at + 4 + sideInfoLength(header) + (header.hasSum ? 2 : 0);
  if (reader.has(at + 36, 'VBRI'))
    return { bytes: reader.u32be(at + 46), frames: reader.u32be(at + 50), lame: null };
  const xing = [tag, at + 4 + sideInfoLength(header)].find(
    (one) => reader.has(one, 'Xing') || reader.has(one, 'Info'),
  );
  if (xing === undefined) return null;
  const flags = reader.u32be(xing + 4, 'Xing flags');
  let next = xing + 8;
  const field = (bit: number, length: number) => {
    const here = next;
    if ((flags & bit) !== 0) next += length;
    return (flags & bit) === 0 ? -1 : here;
  };
  const [framesAt, bytesAt] = [field(1, 4), field(2, 4)];
  field(4, 100);
  field(8, 4);
  return {
    frames: framesAt < 0 ? -1 : reader.u32be(framesAt),
    bytes: bytesAt < 0 ? -1 : reader.u32be(bytesAt),
    lame: next + 36 <= at + header.length ? readLame(reader, at, next) : null,
  };
}

/** The extension is 36 bytes: encoder, method, gains, delays, length and sum of the music, sum of all before. */
function readLame(reader: Reader, frame: number, at: number): LameTag | null {
  if (!/^[A-Za-z][\w. ()+-]{3,}/.test(reader.latin1(at, 9))) return null;
  const end = at + 34;
  const sum = lameSum(reader.bytes(frame, end - frame), 0);
  return {
    musicLength: reader.u32be(at + 28),
    musicSum: reader.u16be(at + 32),
    isIntact: sum === reader.u16be(end),
  };
}
