import { lengthOf } from '../bytes/range.ts';
import type { Examination } from '../examine/examination.ts';
import type { Segment, State } from '../ledger/segment.ts';
import { type Cell, glyphs, mapCells } from './map.ts';
import { schemeText } from './scheme-text.ts';
import { bytesText, percentText, printable } from './text.ts';

/** Paints a word for a terminal; returns it as it is elsewhere. */
export type Paint = (text: string, as: 'good' | 'bad' | 'doubtful' | 'faint' | 'strong') => string;

const MAP_WIDTH = 64;
const MOST_ROWS = 40;

const proved: readonly State[] = [
  'checksum',
  'decoder',
  'grammar',
  'structure',
  'padding',
  'contrast',
  'protected',
];

/** Why a file got its verdict: reasons, what proves which bytes, and a map of the file. Lines without line ends. */
export function explain(name: string, examination: Examination, paint: Paint): string[] {
  const { evidence, judgement } = examination;
  return [
    `${paint(printable(name), 'strong')}: ${paint(judgement.verdict, tone(examination))}, restore: ${judgement.restore}`,
    ...identityLines(examination),
    '',
    ...judgement.reasons.map(
      ({ code, text, at }) => `  ${code}  ${printable(text)}${at === null ? '' : ` (byte ${at})`}`,
    ),
    ...(judgement.scheme === null ? [] : [`        encrypted: ${schemeText(judgement.scheme)}`]),
    '',
    ...mapLines(mapCells(evidence, MAP_WIDTH * 8), paint),
    '',
    ...ledgerLines(examination),
    ...memberLines(examination),
    ...oddityLines(examination),
  ];
}

function tone({ judgement }: Examination): 'good' | 'bad' | 'doubtful' {
  if (judgement.restore === 'yes') return 'good';
  return judgement.restore === 'no' ? 'bad' : 'doubtful';
}

function identityLines({ evidence: { identity, size, wholeFile }, judgement }: Examination): string[] {
  const format = identity.format?.title ?? identity.magic?.title ?? 'unknown type';
  const promise = identity.promised.map(({ title }) => title).join(' or ');
  return [
    `  ${format}, ${bytesText(size)}; entropy ${wholeFile.entropy.toFixed(3)} bits per byte, floor ${judgement.floor} bytes`,
    ...(identity.asPromised ? [] : [`  the name promises ${promise}`]),
  ];
}

function mapLines(cells: readonly Cell[], paint: Paint): string[] {
  if (cells.length === 0) return [];
  const rows: string[] = [];
  for (let at = 0; at < cells.length; at += MAP_WIDTH) {
    rows.push(
      `  ${cells
        .slice(at, at + MAP_WIDTH)
        .map((cell) => paintCell(cell, paint))
        .join('')}`,
    );
  }
  const legend = [...new Set(cells)].map((cell) => `${paintCell(cell, paint)} ${cell}`).join('  ');
  return [...rows, `  ${legend}`];
}

function paintCell(cell: Cell, paint: Paint): string {
  if (cell === 'random') return paint(glyphs[cell], 'bad');
  if ((proved as readonly Cell[]).includes(cell)) return paint(glyphs[cell], 'good');
  return paint(glyphs[cell], 'doubtful');
}

function ledgerLines({ evidence: { ledger, size } }: Examination): string[] {
  const segments = ledger.segments();
  const shown = segments.length <= MOST_ROWS ? segments : condense(segments);
  const lines = shown.map(
    (segment) =>
      `  ${String(segment.start).padStart(12)} – ${String(segment.end).padEnd(12)} ${segment.state.padEnd(12)} ${printable(segment.by)}`,
  );
  const left = segments.length - shown.length;
  const totals = Object.entries(ledger.totals())
    .filter(([, bytes]) => bytes > 0)
    .map(([state, bytes]) => `${state} ${percentText(bytes, size)}`);
  return [`  ${totals.join(', ')}`, ...lines, ...(left > 0 ? [`  … and ${left} shorter ranges`] : [])];
}

/** The longest ranges, unproved ones first, in order of place. */
function condense(segments: readonly Segment[]): Segment[] {
  const isProved = (segment: Segment) => Number(proved.includes(segment.state));
  return segments
    .toSorted((a, b) => isProved(a) - isProved(b) || lengthOf(b) - lengthOf(a))
    .slice(0, MOST_ROWS)
    .sort((a, b) => a.start - b.start);
}

function memberLines({ evidence: { ledger } }: Examination): string[] {
  if (ledger.memberCounts.size === 0) return [];
  const counts = [...ledger.memberCounts].map(([verdict, count]) => `${count} ${verdict}`).join(', ');
  const notable = ledger.members.filter(({ verdict }) => verdict !== 'intact').slice(0, MOST_ROWS);
  return [
    '',
    `  files inside: ${counts}`,
    ...notable.map(
      ({ name, verdict, reasons }) =>
        `    ${verdict.padEnd(10)} ${printable(name)}: ${printable(reasons[0]?.text ?? '')}`,
    ),
  ];
}

function oddityLines({ evidence: { ledger } }: Examination): string[] {
  const oddities = ledger.observations.filter((observation) => observation.kind === 'oddity');
  if (oddities.length === 0) return [];
  return [
    '',
    '  unusual, yet honest:',
    ...oddities.slice(0, MOST_ROWS).map(({ at, what }) => `    byte ${at}: ${printable(what)}`),
  ];
}
