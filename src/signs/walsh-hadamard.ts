/**
 * The Walsh-Hadamard transform of 256 values, in place. Twice over it gives the values back, 256 times as large; the product
 * of two transforms is the transform of Σ a(x)·b(x ⊕ d) over all d: how alike two histograms are under each exclusive or.
 */
export function transform(values: Float64Array): void {
  for (let half = 1; half < 256; half *= 2) {
    for (let block = 0; block < 256; block += 2 * half) {
      for (let i = block; i < block + half; i++) {
        const x = values[i]!;
        const y = values[i + half]!;
        values[i] = x + y;
        values[i + half] = x - y;
      }
    }
  }
}
