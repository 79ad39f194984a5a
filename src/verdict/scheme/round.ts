/** A candidate must be this many times rounder than the error is wide: chance then agrees in 2 of so many cases. */
const ROUNDER = 32;
const units = [2 ** 20, 10 ** 6, 2 ** 16, 10 ** 5, 2 ** 14, 2 ** 12, 10 ** 4, 2 ** 10, 1000, 512] as const;
/** Files are parted in so many pieces at most. */
const MOST_PARTS = 16;

/**
 * The number that a program would have chosen and that a measured length stands for: a multiple of a power of two or of
 * ten, a part of the file, or a whole percentage of it. The nearest one within the error, else the length itself.
 * @param error bytes by which the measurement may be off
 */
export function roundNear(value: number, error: number, size: number): number {
  const round = units
    .filter((unit) => unit >= ROUNDER * error)
    .map((unit) => Math.round(value / unit) * unit);
  const near = [...round, ...partsNear(value, error, size)]
    .filter((candidate) => candidate > 0 && Math.abs(candidate - value) <= error)
    .sort((a, b) => Math.abs(a - value) - Math.abs(b - value));
  return near[0] ?? value;
}

/** With whole numbers, as programs reckon: ⌊size/n⌋, ⌊size/100⌋ · percent. */
function partsNear(value: number, error: number, size: number): number[] {
  const hundredth = Math.floor(size / 100);
  if (hundredth < ROUNDER * error) return [];
  const parts = Array.from({ length: MOST_PARTS - 1 }, (_, i) => Math.floor(size / (i + 2)));
  return [...parts, Math.round(value / hundredth) * hundredth];
}
