import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import { chunk, header, png } from '../../../test/support/png-builder.ts';
import { zipOf } from '../../../test/support/zip-builder.ts';
import type { Victim } from '../attack.ts';
import { MIB } from '../layouts/geometry.ts';
import { Random } from '../random.ts';

/** A genuine file that is made when it's needed: honest, and larger than test corpora hold. */
export interface LargeFile {
  readonly name: string;
  make(): Uint8Array;
}

const words =
  'account backup client daily error file gateway host index job kernel login mount node order packet query route session table user volume write'.split(
    ' ',
  );

/** Lines of a server's log. */
export function logOf(size: number, seed: number): Buffer {
  const random = new Random(seed);
  const lines: string[] = [];
  for (let length = 0, second = 0; length < size; second += random.below(3)) {
    const time = new Date(1.7e12 + second * 1000).toISOString();
    const line = `${time} ${words[random.below(23)]}[${random.below(32_768)}]: ${words[random.below(23)]} ${words[random.below(23)]} id=${random.below(1e9)} took ${random.below(900)} ms\n`;
    lines.push(line);
    length += line.length;
  }
  return Buffer.from(lines.join(''));
}

function csvOf(size: number, seed: number): Buffer {
  const random = new Random(seed);
  const lines = ['id,name,city,amount,date\n'];
  for (let length = 0, id = 1; length < size; id++) {
    const line = `${id},${words[random.below(23)]} ${words[random.below(23)]},${words[random.below(23)]},${random.below(100_000) / 100},2024-0${1 + random.below(9)}-1${random.below(10)}\n`;
    lines.push(line);
    length += line.length;
  }
  return Buffer.from(lines.join(''));
}

function jsonOf(size: number, seed: number): Buffer {
  const random = new Random(seed);
  const rows: string[] = [];
  for (let length = 0; length < size; ) {
    const row = JSON.stringify({
      id: rows.length,
      name: words[random.below(23)],
      tags: [words[random.below(23)]],
      total: random.below(1e6),
    });
    rows.push(row);
    length += row.length;
  }
  return Buffer.from(`[${rows.join(',\n')}]`);
}

/** Slopes with grain, as photographs have them. */
function pixels(count: number, random: Random): Buffer {
  const bytes = Buffer.alloc(count);
  const grain = random.bytes(count);
  for (let i = 0; i < count; i++)
    bytes[i] = 96 + 60 * Math.sin(i / 9000) + 40 * Math.sin(i / 1300) + (grain[i]! & 7);
  return bytes;
}

function bmpOf(width: number, height: number, seed: number): Buffer {
  const head = Buffer.alloc(54);
  const size = 54 + width * height * 3;
  head.write('BM', 0, 'latin1');
  head.writeUInt32LE(size, 2);
  head.writeUInt32LE(54, 10);
  head.writeUInt32LE(40, 14);
  head.writeInt32LE(width, 18);
  head.writeInt32LE(height, 22);
  head.writeUInt16LE(1, 26);
  head.writeUInt16LE(24, 28);
  head.writeUInt32LE(width * height * 3, 34);
  return Buffer.concat([head, pixels(width * height * 3, new Random(seed))]);
}

function wavOf(samples: number, seed: number): Buffer {
  const grain = new Random(seed).bytes(samples);
  const data = Buffer.alloc(2 * samples);
  for (let i = 0; i < samples; i++)
    data.writeInt16LE(Math.round(9000 * Math.sin(i / 17) + 4000 * Math.sin(i / 5.3) + grain[i]!), 2 * i);
  const head = Buffer.alloc(44);
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(36 + data.length, 4);
  head.write('WAVEfmt ', 8, 'latin1');
  for (const [at, value] of [
    [16, 16],
    [24, 44_100],
    [28, 88_200],
    [40, data.length],
  ] as const)
    head.writeUInt32LE(value, at);
  for (const [at, value] of [
    [20, 1],
    [22, 1],
    [32, 2],
    [34, 16],
  ] as const)
    head.writeUInt16LE(value, at);
  head.write('data', 36, 'latin1');
  return Buffer.concat([head, data]);
}

function pngOf(width: number, height: number, seed: number): Buffer {
  const line = width + 1;
  const data = pixels(line * height, new Random(seed));
  for (let y = 0; y < height; y++) data[y * line] = 0;
  const packed = deflateSync(data, { level: 1 });
  const parts: Buffer[] = [];
  for (let at = 0; at < packed.length; at += 8192) parts.push(chunk('IDAT', packed.subarray(at, at + 8192)));
  return png(header(width, height), ...parts);
}

/** Files of the corpus over and over, each under a name of its own, until the size is reached. */
function collect(files: readonly Victim[], size: number): Victim[] {
  const collected: Victim[] = [];
  for (let total = 0, i = 0; total < size && files.length > 0; i++) {
    const file = files[i % files.length]!;
    collected.push({ name: `${String(i).padStart(5, '0')}/${file.name}`, bytes: file.bytes });
    total += file.bytes.length + 128;
  }
  return collected;
}

function tarOf(files: readonly Victim[]): Buffer {
  const parts = files.flatMap(({ name, bytes }) => [
    tarHeader(name, bytes.length),
    bytes,
    Buffer.alloc((512 - (bytes.length % 512)) % 512),
  ]);
  return Buffer.concat([...parts, Buffer.alloc(10_240)]);
}

/** POSIX.1-1988 §10.1.1. */
function tarHeader(name: string, size: number): Buffer {
  const bytes = Buffer.alloc(512);
  bytes.write(name.slice(-99), 0, 'latin1');
  bytes.write('0000644\0' + '0001750\0' + '0001750\0', 100, 'latin1');
  bytes.write(`${size.toString(8).padStart(11, '0')}\0${'14567000000'}\0`, 124, 'latin1');
  bytes.write('        0', 148, 'latin1');
  bytes.write('ustar\x0000', 257, 'latin1');
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return bytes;
}

/** Made by the sqlite3 command; null where there is none. */
function sqliteOf(rows: number): Uint8Array | null {
  const folder = mkdtempSync(join(tmpdir(), 'attacks-'));
  try {
    const path = join(folder, 'orders.sqlite');
    const sql = `CREATE TABLE orders(id INTEGER PRIMARY KEY, client TEXT, note TEXT, total REAL);
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})
      INSERT INTO orders SELECT i, 'client ' || (i * 7919 % 10007), 'order of ' || (i % 365) || ' pieces, delivered', i * 1.25 FROM n;
      CREATE INDEX by_client ON orders(client);`;
    const run = spawnSync('sqlite3', [path], { input: sql });
    return run.status === 0 ? readFileSync(path) : null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const isArchived = (name: string) => /\.(txt|json|xml|csv|png|pdf|docx|xlsx|html|bmp|sqlite|gz)$/.test(name);

/** @param corpus genuine files, of which archives are made */
export function largeFiles(corpus: readonly Victim[]): LargeFile[] {
  const parts = corpus.filter(({ name }) => isArchived(name));
  const plain = parts.filter(({ name }) => /\.(txt|json|xml|csv|html)$/.test(name));
  const stored = (size: number) => () =>
    zipOf(collect(parts, size).map(({ name, bytes }) => ({ name, content: bytes, method: 0 })));
  return [
    { name: 'server-5m.log', make: () => logOf(5 * MIB + 1, 1) },
    { name: 'server-22m.log', make: () => logOf(22 * MIB, 2) },
    { name: 'server-64m.log', make: () => logOf(64 * MIB, 3) },
    { name: 'orders-9m.csv', make: () => csvOf(9 * MIB, 4) },
    { name: 'orders-6m.json', make: () => jsonOf(6 * MIB, 5) },
    { name: 'picture-6m.bmp', make: () => bmpOf(2048, 1024, 6) },
    { name: 'picture-36m.bmp', make: () => bmpOf(4096, 3072, 7) },
    { name: 'sound-8m.wav', make: () => wavOf(4 * MIB, 8) },
    { name: 'picture-4m.png', make: () => pngOf(2800, 2800, 9) },
    { name: 'log-5m.gz', make: () => gzipSync(logOf(24 * MIB, 10)) },
    { name: 'files-8m.zip', make: stored(8 * MIB) },
    { name: 'files-32m.zip', make: stored(32 * MIB) },
    {
      name: 'texts-5m.zip',
      make: () => zipOf(collect(plain, 20 * MIB).map(({ name, bytes }) => ({ name, content: bytes }))),
    },
    { name: 'files-12m.tar', make: () => tarOf(collect(parts, 12 * MIB)) },
    { name: 'orders-7m.sqlite', make: () => sqliteOf(90_000) ?? new Uint8Array() },
    { name: 'orders-28m.sqlite', make: () => sqliteOf(360_000) ?? new Uint8Array() },
  ];
}
