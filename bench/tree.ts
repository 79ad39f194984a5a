import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { Random } from './attacks/random.ts';

export interface TreePlan {
  readonly files: number;
  readonly folders: number;
  /** Bytes; sizes are spread evenly from 0 up to, not including, this. */
  readonly largest: number;
  readonly seed: number;
}

/** Makes a tree of small honest files of a server, once: the plan stands in it, and a tree of the same plan is kept. */
export function makeTree(root: string, plan: TreePlan): void {
  const mark = join(root, '.plan.json');
  const text = JSON.stringify({ ...plan, version: 2 });
  if (existsSync(mark) && readFileSync(mark, 'utf8') === text) return;
  const random = new Random(plan.seed);
  const kinds = [prose, prose, prose, json, json, table, log, packed].map((make) =>
    make(random, plan.largest),
  );
  for (let folder = 0; folder < plan.folders; folder++) {
    const path = join(root, `group-${folder % 40}`, `folder-${folder}`);
    mkdirSync(path, { recursive: true });
    const first = Math.floor((folder * plan.files) / plan.folders);
    const last = Math.floor(((folder + 1) * plan.files) / plan.folders);
    for (let file = first; file < last; file++) {
      const { extension, cut } = kinds[random.below(kinds.length)]!;
      writeFileSync(join(path, `file-${file}.${extension}`), cut(random.below(plan.largest)));
    }
  }
  writeFileSync(mark, text);
}

interface Kind {
  readonly extension: string;
  /** A file of this kind and about this many bytes. */
  cut(bytes: number): Uint8Array | string;
}

const words =
  'the of and to in is was for on that with as by at from it an be are this which or had not were'.split(' ');

function sentence(random: Random): string {
  const picked = Array.from({ length: 6 + random.below(12) }, () => words[random.below(words.length)]!);
  return `${picked.join(' ')} ${random.below(10_000)}.\n`;
}

/** Text of at least this many bytes. */
function repeat(bytes: number, part: () => string): string {
  let text = '';
  while (text.length < bytes) text += part();
  return text;
}

function prose(random: Random, largest: number): Kind {
  const text = repeat(largest * 2, () => sentence(random));
  return { extension: 'txt', cut: (bytes) => text.slice(bytes % 997, (bytes % 997) + bytes) };
}

function json(random: Random, largest: number): Kind {
  const items = Array.from({ length: Math.ceil(largest / 64) }, () => ({
    id: random.below(1_000_000),
    name: words[random.below(words.length)]!,
    price: random.below(100_000) / 100,
  }));
  return {
    extension: 'json',
    cut: (bytes) => JSON.stringify(items.slice(0, Math.ceil(bytes / 48)), null, 1),
  };
}

function table(random: Random, largest: number): Kind {
  const row = () =>
    `${random.below(100_000)},${words[random.below(words.length)]},${random.below(1000) / 10}\n`;
  const rows = repeat(largest, row).split('\n');
  return {
    extension: 'csv',
    cut: (bytes) => `id,name,value\n${rows.slice(0, Math.ceil(bytes / 16)).join('\n')}\n`,
  };
}

function log(random: Random, largest: number): Kind {
  const line = () =>
    `2026-03-0${1 + random.below(9)}T10:${10 + random.below(50)}:00Z INFO request ${random.below(99_999)} done\n`;
  const text = repeat(largest, line);
  return { extension: 'log', cut: (bytes) => text.slice(0, bytes) };
}

function packed(random: Random, largest: number): Kind {
  const text = Buffer.from(repeat(largest * 8, () => sentence(random)));
  const share = deflateRawSync(text).length / text.length;
  return { extension: 'gz', cut: (bytes) => gzipSync(text.subarray(0, Math.ceil(bytes / share))) };
}
