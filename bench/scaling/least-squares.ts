export interface Fit {
  /** One for each column of what was varied. */
  readonly factors: readonly number[];
  readonly fitted: readonly number[];
  /** Of the variance, how much the model explains: R². */
  readonly share: number;
}

/** Least squares, each point weighed by 1 / value, so that small scans count as much as large ones; none below zero. */
export function leastSquares(rows: readonly (readonly number[])[], values: readonly number[]): Fit {
  const columns = rows[0]!.length;
  let used = Array.from({ length: columns }, (_, column) => column);
  for (;;) {
    const solved = solve(rows, values, used);
    // A cost below zero is noise: that factor is left out, and the others are fitted again.
    const worst = used.reduce((least, _, i) => (solved[i]! < solved[least]! ? i : least), 0);
    if (solved[worst]! >= 0) {
      const factors = Array.from({ length: columns }, (_, column) => solved[used.indexOf(column)] ?? 0);
      return describe(rows, values, factors);
    }
    used = used.filter((_, i) => i !== worst);
  }
}

function describe(
  rows: readonly (readonly number[])[],
  values: readonly number[],
  factors: readonly number[],
): Fit {
  const fitted = rows.map((row) => row.reduce((sum, cell, i) => sum + cell * factors[i]!, 0));
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = (of: readonly number[]) => values.reduce((sum, value, i) => sum + (value - of[i]!) ** 2, 0);
  return { factors, fitted, share: 1 - squares(fitted) / squares(values.map(() => mean)) };
}

/** The normal equations, by elimination. */
function solve(
  rows: readonly (readonly number[])[],
  values: readonly number[],
  used: readonly number[],
): number[] {
  const scaled = rows.map((row, i) => used.map((column) => row[column]! / values[i]!));
  const matrix = used.map((_, a) => [
    ...used.map((_, b) => scaled.reduce((sum, row) => sum + row[a]! * row[b]!, 0)),
    scaled.reduce((sum, row) => sum + row[a]!, 0),
  ]);
  for (let pivot = 0; pivot < used.length; pivot++) {
    for (let other = 0; other < used.length; other++) {
      if (other === pivot) continue;
      const factor = matrix[other]![pivot]! / matrix[pivot]![pivot]!;
      matrix[other] = matrix[other]!.map((cell, i) => cell - factor * matrix[pivot]![i]!);
    }
  }
  return used.map((_, i) => matrix[i]!.at(-1)! / matrix[i]![i]!);
}
