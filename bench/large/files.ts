import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { isInstalled } from '../command.ts';
import { logLine, recordLine, tableLine, writeLines, writePng, writePpm, writeWav } from './material.ts';

/** Bytes of text for each byte of its deflated form, about. */
const PACKED = 4.6;
/** Bytes that a pixel of these images takes. */
const PNG_PIXEL = 1.95;
const JPEG_PIXEL = 0.62;

interface Kind {
  readonly name: string;
  /** What makes it; without it the kind is left out. */
  readonly needs?: string;
  make(path: string, size: number): void;
}

const kinds: readonly Kind[] = [
  { name: 'server.log', make: (path, size) => writeLines(path, size, 1, logLine) },
  { name: 'table.csv', make: (path, size) => writeLines(path, size, 2, tableLine) },
  { name: 'records.json', make: (path, size) => writeLines(path, size, 3, recordLine, ']\n') },
  { name: 'logs.zip', needs: 'zip', make: zip },
  {
    name: 'old.log.gz',
    make: (path, size) => packedText(path, size, (text) => writeFileSync(path, gzipSync(readFileSync(text)))),
  },
  {
    name: 'scan.png',
    make: (path, size) => writePng(path, side(size / PNG_PIXEL), side(size / PNG_PIXEL), 6),
  },
  { name: 'photo.jpg', needs: 'cjpeg', make: jpeg },
  { name: 'records.sqlite', needs: 'sqlite3', make: sqlite },
  { name: 'room.flac', needs: 'flac', make: flac },
];

/** Makes big honest files of about `mebibytes` in all, once; kinds whose program is missing are left out. */
export function makeLargeFiles(folder: string, mebibytes: number): readonly string[] {
  const mark = join(folder, `.${mebibytes}-1`);
  const made = kinds.filter(({ needs }) => needs === undefined || isInstalled(needs));
  const paths = made.map(({ name }) => join(folder, name));
  if (existsSync(mark) && paths.every((path) => existsSync(path))) return paths;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [i, { make }] of made.entries()) make(paths[i]!, (mebibytes << 20) / made.length);
  writeFileSync(mark, '');
  return paths;
}

function packedText(path: string, size: number, pack: (text: string) => void): void {
  const text = `${path}.txt`;
  writeLines(text, size * PACKED, 4, logLine);
  pack(text);
  rmSync(text);
}

function zip(path: string, size: number): void {
  packedText(path, size, (text) => execFileSync('zip', ['-qj', path, text]));
}

function jpeg(path: string, size: number): void {
  const image = `${path}.ppm`;
  writePpm(image, side(size / JPEG_PIXEL), side(size / JPEG_PIXEL), 7);
  execFileSync('cjpeg', ['-quality', '92', '-outfile', path, image]);
  rmSync(image);
}

function flac(path: string, size: number): void {
  const sound = `${path}.wav`;
  writeWav(sound, size * 1.85, 8);
  execFileSync('flac', ['-s', '-1', '-o', path, sound]);
  rmSync(sound);
}

function sqlite(path: string, size: number): void {
  const rows = Math.floor(size / 90);
  const statements = `create table t(id integer primary key, name text, amount real, note text);
    with recursive n(i) as (select 1 union all select i+1 from n where i<${rows})
    insert into t select i, 'customer '||(i*7919%100003), i%9973/7.0, 'order '||(i*31%65537)||' was sent on day '||(i%365) from n;`;
  execFileSync('sqlite3', [path], { input: statements });
}

function side(pixels: number): number {
  return Math.floor(Math.sqrt(pixels));
}
