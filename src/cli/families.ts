import { readFileSync } from 'node:fs';
import type { Family, NameMark } from '../signs/marks/family.ts';
import { builtinMarks, type Marks, marksWith } from '../signs/marks/marks.ts';
import { MarksError, parseFamilies } from '../signs/marks/parse.ts';
import { UsageError } from './exit.ts';

/** Lists what is known of families of ransomware on standard output. @throws UsageError */
export function listFamilies(asJson: boolean, file: string | undefined): void {
  const { families } = marksFrom(file);
  process.stdout.write(asJson ? `${JSON.stringify(families, null, 1)}\n` : `${asText(families)}\n`);
}

/** The built-in marks with those of the user's own file. @throws UsageError where that can't be read, or isn't one */
export function marksFrom(file: string | undefined): Marks {
  return file === undefined ? builtinMarks() : marksWith(readFamilies(file));
}

/** @throws UsageError */
export function readFamilies(file: string): Family[] {
  try {
    return parseFamilies(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if (error instanceof MarksError) throw new UsageError(`${file}: ${error.message}`);
    if (error instanceof SyntaxError) throw new UsageError(`${file} is no JSON: ${error.message}`);
    throw new UsageError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function asText(families: readonly Family[]): string {
  const rows = families.flatMap((family) => [
    `${family.name}${family.aliases.length > 0 ? ` (${family.aliases.join(', ')})` : ''}, since ${family.since}`,
    ...detail('names files', family.extensions.map(nameText)),
    ...detail('notes', family.notes.map(nameText)),
    ...detail(
      'bytes',
      [...family.headers, ...family.trailers].map(({ hex, ascii }) => ascii ?? hex),
    ),
    ...detail('layouts', family.layouts),
    ...detail('sources', family.sources),
  ]);
  return [`${families.length} families; a name alone never proves one`, '', ...rows].join('\n');
}

function detail(title: string, values: readonly string[]): string[] {
  return values.length === 0 ? [] : [`  ${title.padEnd(12)} ${values.join(', ')}`];
}

function nameText(mark: NameMark): string {
  if ('suffix' in mark) return mark.suffix;
  return 'name' in mark ? mark.name : `/${mark.pattern}/`;
}
