// What floor do decoded JPEG scans have? Random bytes without 0xFF are written into scans of genuine files:
//   node bench/run.mjs jpeg-scans [--places 20000] [--seed 1]
// A run that holds 0xFF passes with another factor, which needs no measuring: (255/256)^n have none.
import { parseArgs } from 'node:util';
import { jpeg } from '../../src/formats/jpeg/jpeg.ts';
import type { Segment } from '../../src/ledger/segment.ts';
import { corpusFiles } from '../../test/support/corpus.ts';
import { contradictions, verifyAlone } from '../../test/support/verify.ts';
import { Random } from '../attacks/random.ts';

const { values } = parseArgs({
  options: { places: { type: 'string', default: '20000' }, seed: { type: 'string', default: '1' } },
});
const decoded = /^(sequential|dcFirst|acFirst) scan$/;
const random = new Random(Number(values.seed));

for (const length of [16, 64, 256, 1024, 1536]) {
  const scans = [...scansOf(length)];
  const places = Math.ceil(Number(values.places) / Math.max(1, scans.length));
  let missed = 0;
  for (const { bytes, scan } of scans)
    for (let i = 0; i < places; i++) missed += isMissed(bytes, scan, length) ? 1 : 0;
  const share = ((100 * missed) / (places * scans.length)).toFixed(3);
  console.log(
    `${length} bytes: ${missed} of ${places * scans.length} missed (${share} %) in ${scans.length} scans`,
  );
}

function* scansOf(length: number): Generator<{ bytes: Uint8Array; scan: Segment }> {
  for (const { bytes } of corpusFiles('genuine', 'jpg', 'mpo')) {
    for (const scan of verifyAlone(jpeg, bytes).segments()) {
      if (decoded.test(scan.by) && scan.end - scan.start >= length) yield { bytes, scan };
    }
  }
}

function isMissed(bytes: Uint8Array, scan: Segment, length: number): boolean {
  const copy = Uint8Array.from(bytes);
  const at = scan.start + random.below(scan.end - scan.start - length + 1);
  for (let i = at; i < at + length; i++) copy[i] = random.below(255);
  return contradictions(verifyAlone(jpeg, copy)).length === 0;
}
