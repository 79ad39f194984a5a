/** The probability with which a mark may be learnt from files that have nothing to do with each other, for a whole scan. */
export const FALSE_ALARM = 1e-9;

/**
 * The probability, at most, that any `sharing` of `files` independent ones agree in one of `places`, where two agree with
 * probability `agree` each: places · C(n, k) · p^(k − 1), the union bound over places and over sets of files.
 */
export function chanceOfSharing(files: number, sharing: number, agree: number, places: number): number {
  if (sharing <= 1) return 1;
  const log = Math.log(places) + logChoose(files, sharing) + (sharing - 1) * Math.log(agree);
  return Math.min(1, Math.exp(log));
}

function logChoose(n: number, k: number): number {
  let log = 0;
  for (let i = 1; i <= k; i++) log += Math.log((n - k + i) / i);
  return log;
}
