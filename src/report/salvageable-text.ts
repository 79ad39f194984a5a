import { totalLength } from '../bytes/range.ts';
import type { Paint } from './explanation.ts';
import { bytesText, percentText, printable } from './text.ts';

/** What of a file can be pulled out, as the report's rooms need to know it. */
export interface SalvageableText {
  readonly size: number;
  readonly untouched: readonly { readonly start: number; readonly end: number }[];
  readonly items: readonly {
    readonly kind: string;
    readonly name: string;
    readonly size: number;
    readonly proof: string;
  }[];
  readonly stopped: string | null;
}

const MOST_RANGES = 40;
const MOST_ITEMS = 100;

/** What is left of a file, for people. Lines without line ends. */
export function salvageableLines(
  { size, untouched, items, stopped }: SalvageableText,
  paint: Paint,
): string[] {
  const bytes = totalLength(untouched);
  return [
    '',
    `  ${paint(`${bytesText(bytes)} untouched`, 'strong')} (${percentText(bytes, size)}), in ${untouched.length} ranges`,
    ...untouched.slice(0, MOST_RANGES).map(({ start, end }) => `    ${String(start).padStart(12)} – ${end}`),
    ...more(untouched.length - MOST_RANGES, 'ranges'),
    '',
    `  ${paint(`${items.length} pieces are provably intact`, 'strong')}${items.length > 0 ? '; salvage writes them out' : ''}`,
    ...items
      .slice(0, MOST_ITEMS)
      .map(
        ({ kind, name, size: length, proof }) =>
          `    ${kind.padEnd(8)} ${printable(name)}, ${bytesText(length)}: ${printable(proof)}`,
      ),
    ...more(items.length - MOST_ITEMS, 'pieces'),
    ...(stopped === null ? [] : [`  ended early: ${printable(stopped)}`]),
  ];
}

function more(count: number, what: string): string[] {
  return count > 0 ? [`    … and ${count} more ${what}`] : [];
}
