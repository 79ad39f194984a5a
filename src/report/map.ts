import type { Range } from '../bytes/range.ts';
import type { State } from '../ledger/segment.ts';
import type { Evidence } from '../verdict/evidence.ts';

/** What one cell of the map shows: the worst of what lies in it. */
export type Cell = State | 'random' | 'trailing';

/** Worst first: a cell that holds a single random run must show it. */
const worstFirst: readonly Cell[] = [
  'random',
  'trailing',
  'unaccounted',
  'raw',
  'coded',
  'protected',
  'contrast',
  'padding',
  'structure',
  'grammar',
  'decoder',
  'checksum',
];

/** One character each, for a terminal. */
export const glyphs: Readonly<Record<Cell, string>> = {
  random: '▓',
  trailing: '?',
  unaccounted: '?',
  raw: '·',
  coded: '~',
  protected: '§',
  contrast: 'c',
  padding: '0',
  structure: 's',
  grammar: 'g',
  decoder: 'd',
  checksum: '█',
};

/** The file as a row of at most `cells` cells of equal length, each showing the worst that it holds. */
export function mapCells({ size, ledger, runs }: Evidence, cells: number): Cell[] {
  const length = Math.min(cells, size);
  const ranks = new Array<number>(length).fill(worstFirst.length);
  const paint = ({ start, end }: Range, cell: Cell) => {
    const rank = worstFirst.indexOf(cell);
    const last = Math.ceil((end * length) / size);
    for (let i = Math.floor((start * length) / size); i < last; i++) ranks[i] = Math.min(ranks[i]!, rank);
  };
  for (const segment of ledger.segments()) paint(segment, segment.state);
  for (const observation of ledger.observations)
    if (observation.kind === 'trailing') paint(observation, 'trailing');
  for (const run of runs) paint(run, 'random');
  return ranks.map((rank) => worstFirst[rank]!);
}
