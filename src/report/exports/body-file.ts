import type { FileLine } from '../line.ts';
import { printable } from '../text.ts';
import { type Export, timesOf } from './export.ts';

/**
 * The body file of the Sleuth Kit 3.x, which `mactime` makes a timeline of:
 * MD5|name|inode|mode_as_string|UID|GID|size|atime|mtime|ctime|crtime. What isn't known is 0.
 */
export const bodyFile: Export = { begin: () => '', file: bodyRow, end: () => '' };

/** A regular file of which the rights aren't known. */
const MODE = 'r/r---------';

function bodyRow(line: FileLine): string {
  const { accessed, modified, changed, created } = timesOf(line);
  const times = [accessed, modified, changed, created].map(seconds);
  return `${['0', nameOf(line), line.origin?.inode ?? 0, MODE, 0, 0, line.size, ...times].join('|')}\n`;
}

/** `mactime` splits at `|` and then decodes `%XX`; as `fls` does, the name of a deleted file says so. */
function nameOf({ path, origin }: FileLine): string {
  const name = printable(path.text)
    .replace(/%(?=[0-9A-Fa-f]{2})/g, '%25')
    .replaceAll('|', '%7C');
  return origin?.deleted ? `${name} (deleted)` : name;
}

function seconds(time: string | null): number {
  return time === null ? 0 : Math.floor(Date.parse(time) / 1000);
}
