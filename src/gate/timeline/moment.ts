/**
 * A date, with or without a time, as backup programs write it into names: `2026-03-01T10:00:00+01:00` (restic),
 * `20260301-100000` (kopia), `@GMT-2026.03.01-10.00.00` (SMB previous versions), `zfs-auto-snap_daily-2026-03-01-0425`.
 */
const WRITTEN =
  /(?<!\d)(\d{4})([-._]?)(\d\d)\2(\d\d)(?:[T_@ .-]?(\d\d)[-:._h]?(\d\d)(?:[-:._m]?(\d\d)(?:[.,]\d+)?)?s?(Z|[+-]\d\d:?\d\d)?)?(?!\d)/g;
/** Seconds since 1970, from 2001 on. */
const UNIX = /(?<!\d)1\d{9}(?!\d)/;
const EARLIEST = Date.UTC(1980, 0, 1);
const LATEST = Date.UTC(2200, 0, 1);

/** The moment that a name tells, in milliseconds since 1970; null if it tells none. Where no zone is told, UTC is meant. */
export function momentIn(name: string): number | null {
  for (const match of name.matchAll(WRITTEN)) {
    const moment = toMoment(match);
    if (moment !== null) return moment;
  }
  const seconds = UNIX.exec(name);
  return seconds === null ? null : Number(seconds[0]) * 1000;
}

function toMoment([, year, , month, day, hour = '0', minute = '0', second = '0', zone]: RegExpMatchArray):
  | number
  | null {
  const parts = [year, month, day, hour, minute, second].map(Number) as [number, number, ...number[]];
  const [, monthNumber, dayNumber = 0, ...time] = parts;
  const moment = Date.UTC(parts[0], monthNumber - 1, dayNumber, ...time);
  if (!(moment >= EARLIEST && moment < LATEST) || !isSame(new Date(moment), parts)) return null;
  return moment - zoneOffset(zone);
}

/** A date that doesn't exist, as 31 February, comes out as another one. */
function isSame(date: Date, [, month, day, hour, minute]: readonly number[]): boolean {
  return (
    date.getUTCMonth() === month! - 1 &&
    date.getUTCDate() === day &&
    date.getUTCHours() === hour &&
    date.getUTCMinutes() === minute
  );
}

function zoneOffset(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}
