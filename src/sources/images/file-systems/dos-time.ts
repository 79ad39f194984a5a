/**
 * Milliseconds of a date and time as FAT keeps them, in whatever zone; null where they are no date.
 * @param tens hundredths of a second on top, up to 199
 */
export function dosTime(date: number, time: number, tens = 0): number | null {
  const month = (date >> 5) & 15;
  const day = date & 31;
  if (month < 1 || month > 12 || day < 1) return null;
  const seconds = (time & 31) * 2;
  return (
    Date.UTC(1980 + (date >> 9), month - 1, day, time >> 11, (time >> 5) & 63, seconds) +
    Math.min(tens, 199) * 10
  );
}
