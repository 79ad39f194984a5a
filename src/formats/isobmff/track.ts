import type { Box } from './boxes.ts';

/** What a sample description says of the samples of a track (ISO/IEC 14496-12 section 8.5.2). */
export interface Description {
  readonly type: string;
  readonly box: Box;
  /** Bytes of one frame of PCM, and frames in a packet, by QuickTime; 0 where nothing says it. */
  readonly frameBytes: number;
  readonly framesPerPacket: number;
  /** Bytes of a NAL unit's length, where samples are chains of NAL units; else 0. */
  nalLength: number;
  /** Scheme of Common Encryption, where samples are encrypted. */
  scheme: string | null;
  original: string | null;
}

/** A table of a track: where its entries stand, how many, and of how many bits each. */
export interface Table {
  readonly box: Box;
  readonly at: number;
  readonly count: number;
}

/** The tables of `stbl` (section 8.6 to 8.7). */
export interface Tables {
  sizes: (Table & { readonly bits: number; readonly uniform: number }) | null;
  chunks: (Table & { readonly width: 4 | 8 }) | null;
  toChunk: Table | null;
  durations: Table | null;
  offsets: Table | null;
  keyFrames: Table | null;
}

export interface Track {
  id: number;
  handler: string;
  readonly descriptions: Description[];
  readonly tables: Tables;
  /** Whether the samples stand in another file. */
  isElsewhere: boolean;
}

export function newTrack(): Track {
  const tables = {
    sizes: null,
    chunks: null,
    toChunk: null,
    durations: null,
    offsets: null,
    keyFrames: null,
  };
  return { id: 0, handler: '', descriptions: [], tables, isElsewhere: false };
}
