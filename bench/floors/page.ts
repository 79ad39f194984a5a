import type { Format } from '../../src/formats/format.ts';
import { percent } from '../table.ts';
import { lengths, type Measured } from './floors.ts';

/** docs/formats.md, from the table of formats and what was measured. */
export function formatsPage(
  formats: readonly Format[],
  measured: readonly Measured[],
  places: number,
): string {
  const byId = new Map(measured.map((one) => [one.format.id, one]));
  return [
    '# Formats',
    '',
    'Made by `node bench/run.mjs floors --write`; edit the table of formats instead.',
    '',
    'For each format that can be verified: what proves a file, where that is specified, and what was measured. The',
    '**floor** is the one that verdicts state: an intact file holds no run of random bytes that long (median and largest',
    `over the files). Then the share of ${places} random overwrites of each length, at places drawn evenly over the bytes of`,
    'intact corpus files, after which the file was called safe no more. Where contrast accounts for bytes, a shorter',
    'overwrite may stay unnoticed; the verdict then states a larger floor.',
    '',
    `| format | files | floor | ${lengths.map((length) => `${length} bytes`).join(' | ')} |`,
    `| --- | --- | --- | ${lengths.map(() => '---').join(' | ')} |`,
    ...formats.map(({ id }) => measuredRow(id, byId.get(id))),
    '',
    ...formats.flatMap(describeFormat),
  ].join('\n');
}

function measuredRow(id: string, measured: Measured | undefined): string {
  if (measured === undefined) return `| \`${id}\` | 0 | – | ${lengths.map(() => '–').join(' | ')} |`;
  const { files, statedFloors, byLength } = measured;
  const shares = lengths.map((length) => {
    const { written, noticed } = byLength.get(length)!;
    return percent(noticed, written);
  });
  return `| \`${id}\` | ${files} | ${statedFloors.median}–${statedFloors.most} | ${shares.join(' | ')} |`;
}

function describeFormat({ id, title, extensions, spec, proof }: Format): string[] {
  const names =
    extensions.length === 0 ? '' : ` (${extensions.map((extension) => `.${extension}`).join(' ')})`;
  return [`## ${id}`, '', `${title}${names}.`, '', `Proof: ${proof}.`, '', `Specification: ${spec}.`, ''];
}
