/** A candidate must be this many times rounder than the error is wide: chance then agrees in 2 of so many cases. */
const ROUNDER = 32;

/**
 * The round number that a measured length stands for: a multiple of a power of two or of ten, or a whole percentage
 * of the file. The length itself where none is near.
 * @param error bytes by which the measurement may be off
 */
export function roundNear(value: number, error: number, size: number): number {
  for (const unit of [
    2 ** 20,
    10 ** 6,
    2 ** 16,
    10 ** 5,
    2 ** 14,
    2 ** 12,
    10 ** 4,
    2 ** 10,
    1000,
    512,
    64,
    16,
  ]) {
    if (unit < ROUNDER * error && unit > 16) continue;
    const near = Math.round(value / unit) * unit;
    if (near > 0 && Math.abs(near - value) <= Math.min(error, unit / 4)) return near;
  }
  return percentNear(value, error, size) ?? value;
}

/** Percentages are taken with whole numbers: ⌊size/100⌋ · percent. */
function percentNear(value: number, error: number, size: number): number | null {
  const hundredth = Math.floor(size / 100);
  if (hundredth < ROUNDER * error) return null;
  const near = Math.round(value / hundredth) * hundredth;
  return near > 0 && Math.abs(near - value) <= error ? near : null;
}
