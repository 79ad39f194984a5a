import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { quote } from '../command.ts';
import { logLine, writeLines, writePng, writePpm, writeWav } from '../large/material.ts';

/** A format, what makes a file of it, and the program that tests such a file. `$in`, `$out` stand for paths. */
export interface Contest {
  readonly format: string;
  readonly file: string;
  readonly material: 'text' | 'image' | 'sound' | 'table' | 'png';
  /** Bytes of material for each byte of the file, about. */
  readonly share: number;
  readonly make: string;
  readonly test: string;
  readonly needs: readonly string[];
}

export const contests: readonly Contest[] = [
  row('zip', 'a.zip', 'text', 4.6, 'zip -qj $out $in', 'unzip -tqq $in'),
  row('gzip', 'a.gz', 'text', 4.6, 'gzip -c $in > $out', 'gzip -t $in'),
  row('bzip2', 'a.bz2', 'text', 6.6, 'bzip2 -c $in > $out', 'bzip2 -t $in'),
  row('xz', 'a.xz', 'text', 5.8, 'xz -1 -c $in > $out', 'xz -t $in'),
  row('zstd', 'a.zst', 'text', 5, 'zstd -q -f -o $out $in', 'zstd -t -q $in'),
  row('lz4', 'a.lz4', 'text', 2.8, 'lz4 -q -f $in $out', 'lz4 -t -q $in'),
  row('7z', 'a.7z', 'text', 5.8, '7z a -bd -mx=1 $out $in', '7z t -bd $in'),
  row('tar', 'a.tar', 'text', 1, 'tar -cf $out -P $in', 'tar -tf $in'),
  row('png', 'a.png', 'png', 1, '', 'pngcheck -q $in'),
  row('jpeg', 'a.jpg', 'image', 8.9, 'cjpeg -quality 92 -outfile $out $in', 'djpeg -outfile /dev/null $in'),
  row('flac', 'a.flac', 'sound', 1.75, 'flac -s -5 -o $out $in', 'flac -ts $in'),
  row('pdf', 'a.pdf', 'image', 1.55, 'convert $in -compress zip $out', 'qpdf --check $in'),
  row(
    'sqlite',
    'a.sqlite',
    'table',
    1.1,
    'sqlite3 $out < $in',
    "sqlite3 -readonly $in 'pragma integrity_check'",
  ),
];

function row(
  format: string,
  file: string,
  material: Contest['material'],
  share: number,
  make: string,
  test: string,
): Contest {
  const programs = [make, test].map((command) => command.split(' ')[0]!).filter((name) => name !== '');
  return { format, file, material, share, make, test, needs: [...new Set(programs)] };
}

/** The file of a contest, of about `size` bytes, made once. */
export function makeFile(
  { format, file, material, share, make }: Contest,
  folder: string,
  size: number,
): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, file);
  if (existsSync(path) && statSync(path).size > 0) return path;
  if (material === 'png') {
    const side = Math.floor(Math.sqrt(size / 1.95));
    writePng(path, side, side, 6);
    return path;
  }
  const source = join(folder, `material-of-${format}`);
  makeMaterial(source, material, size * share);
  // Under its name only once it's whole: a run may end in between.
  const unfinished = join(folder, `unfinished-${file}`);
  rmSync(unfinished, { force: true });
  runShell(make, source, unfinished);
  renameSync(unfinished, path);
  rmSync(source);
  return path;
}

export function commandFor(template: string, source: string, target = ''): string {
  return template.replaceAll('$in', quote(source)).replaceAll('$out', quote(target));
}

function runShell(template: string, source: string, target: string): void {
  execFileSync('sh', ['-c', commandFor(template, source, target)], { stdio: 'ignore' });
}

function makeMaterial(path: string, kind: Contest['material'], size: number): void {
  const side = Math.floor(Math.sqrt(size / 3));
  if (kind === 'image') writePpm(path, side, side, 7);
  else if (kind === 'sound') writeWav(path, size, 8);
  else if (kind === 'table') writeStatements(path, size);
  else writeLines(path, size, 4, logLine);
}

/** Statements that fill a table of a database of about `size` bytes. */
function writeStatements(path: string, size: number): void {
  const lines = [
    'create table t(id integer primary key, name text, amount real, note text);',
    `with recursive n(i) as (select 1 union all select i+1 from n where i<${Math.floor(size / 60)})`,
    "insert into t select i, 'customer '||(i*7919%100003), i%9973/7.0, 'order '||(i*31%65537)||' was sent' from n;",
  ];
  writeLines(path, 1, 0, () => `${lines.join('\n')}\n`);
}
