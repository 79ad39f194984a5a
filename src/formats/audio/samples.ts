import type { Place } from '../stored.ts';

/** How the samples of a sound file are stored. */
export type SampleKind =
  /** PCM, µ-law, A-law, floats: values as they are. */
  | 'plain'
  /** ADPCM, GSM, MP3 and the like in a container that frames nothing. */
  | 'coded';

/** Accounts for the samples of a sound file, whose container says only where they begin and end. */
export function accountSamples({ ledger, start, end }: Place, kind: SampleKind, by: string): void {
  if (kind === 'plain') ledger.raw(start, end, by);
  else ledger.coded(start, end, by);
}
