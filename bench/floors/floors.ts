// How long must a random overwrite be to be noticed? For every format, over corpus files that are intact:
//   node bench/run.mjs floors [--places 2000] [--only ID,ID…] [--seed 1] [--write]
// --write makes docs/formats.md anew from the table of formats and from what was measured.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { examine } from '../../src/examine/examine.ts';
import type { Format } from '../../src/formats/format.ts';
import { formats } from '../../src/formats/table.ts';
import { allCorpusFiles, type CorpusFile, corpusRoot, hasCorpus } from '../../test/support/corpus.ts';
import { Random } from '../attacks/random.ts';
import { percent, printTable } from '../table.ts';
import { formatsPage } from './page.ts';

const { values } = parseArgs({
  options: {
    places: { type: 'string', default: '2000' },
    only: { type: 'string' },
    seed: { type: 'string', default: '1' },
    write: { type: 'boolean' },
  },
});

export const lengths = [1, 16, 64, 512, 4096] as const;
/** Larger files say nothing more, and take long. */
const LARGEST = 1 << 20;

/** What the overwrites of one length came to. */
export interface Tally {
  written: number;
  /** The verdict was neither `intact` nor `protected` any more. */
  noticed: number;
  /** Still called safe, with a floor that the overwrite reaches: the verdict's own statement is wrong. */
  wrong: number;
}

export interface Measured {
  readonly format: Format;
  readonly files: number;
  readonly bytes: number;
  /** The stated floors of the files, in bytes. */
  readonly statedFloors: { readonly median: number; readonly most: number };
  readonly byLength: ReadonlyMap<number, Tally>;
}

interface Sample extends CorpusFile {
  readonly floor: number;
}

function collectSamples(): Map<string, Sample[]> {
  const samples = new Map<string, Sample[]>();
  for (const file of allCorpusFiles('genuine')) {
    if (file.bytes.length === 0 || file.bytes.length > LARGEST) continue;
    const { evidence, judgement } = examine(file.bytes, { name: file.name });
    const id = evidence.identity.verifier?.id;
    if (judgement.verdict !== 'intact' || id === undefined) continue;
    const those = samples.get(id) ?? [];
    those.push({ ...file, floor: judgement.floor });
    samples.set(id, those);
  }
  return samples;
}

function measure(format: Format, samples: readonly Sample[], places: number, random: Random): Measured {
  const byLength = new Map(lengths.map((length) => [length, overwrite(samples, length, places, random)]));
  const floors = samples.map(({ floor }) => floor).sort((a, b) => a - b);
  return {
    format,
    files: samples.length,
    bytes: samples.reduce((sum, { bytes }) => sum + bytes.length, 0),
    statedFloors: { median: floors[floors.length >> 1]!, most: floors.at(-1)! },
    byLength,
  };
}

/** Places are drawn evenly over the bytes of all files that are long enough. */
function overwrite(samples: readonly Sample[], length: number, places: number, random: Random): Tally {
  const tally: Tally = { written: 0, noticed: 0, wrong: 0 };
  const fitting = samples.filter(({ bytes }) => bytes.length >= length);
  const total = fitting.reduce((sum, { bytes }) => sum + bytes.length - length + 1, 0);
  for (let i = 0; i < places && total > 0; i++) {
    let at = random.below(total);
    const file = fitting.find(({ bytes }) => {
      const room = bytes.length - length + 1;
      if (at < room) return true;
      at -= room;
      return false;
    })!;
    const copy = Buffer.from(file.bytes);
    const patch = random.bytes(length);
    if (patch.equals(copy.subarray(at, at + length))) continue;
    copy.set(patch, at);
    tally.written++;
    const { judgement } = examine(copy, { name: file.name });
    if (judgement.restore !== 'yes') tally.noticed++;
    else if (length >= judgement.floor) {
      tally.wrong++;
      console.log(
        `  safe with a floor of ${judgement.floor}, though ${length} bytes at ${at} are random: ${file.path}`,
      );
    }
  }
  return tally;
}

function row({ format, files, bytes, statedFloors, byLength }: Measured): (string | number)[] {
  return [
    format.id,
    files,
    bytes,
    statedFloors.median,
    statedFloors.most,
    ...lengths.map((length) => {
      const { written, noticed } = byLength.get(length)!;
      return percent(noticed, written);
    }),
    [...byLength.values()].reduce((sum, { wrong }) => sum + wrong, 0),
  ];
}

if (!hasCorpus) {
  console.log(`skipped: no corpus at ${corpusRoot}`);
  process.exit(0);
}
const samples = collectSamples();
const only = values.only?.split(',');
const wanted = formats.filter(({ id }) => only === undefined || only.includes(id));
const random = new Random(Number(values.seed));
const measured = wanted.flatMap((format) => {
  const those = samples.get(format.id);
  return those === undefined ? [] : [measure(format, those, Number(values.places), random)];
});
printTable(
  [
    'format',
    'files',
    'bytes',
    'floor: median',
    'most',
    ...lengths.map((length) => `${length} noticed`),
    'wrongly safe',
  ],
  measured.map(row),
);
const without = wanted.filter(({ id }) => !samples.has(id)).map(({ id }) => id);
if (without.length > 0) console.log(`no intact corpus file: ${without.join(' ')}`);
if (values.write) {
  const path = join(process.env.BENCH_ROOT!, 'docs', 'formats.md');
  writeFileSync(path, formatsPage(formats, measured, Number(values.places)));
  console.log(`written: ${path}`);
}
