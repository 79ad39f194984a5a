import { createHash } from 'node:crypto';
import {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { corpusRoot, hasCorpus } from '../../test/support/corpus.ts';
import { attack } from '../attacks/attack.ts';
import { type CipherName, ciphers } from '../attacks/ciphers.ts';
import { familyLayouts, type Layout } from '../attacks/layouts.ts';
import { Random } from '../attacks/random.ts';
import { makeTree } from '../tree.ts';

export interface SnapshotPlan {
  readonly folder: string;
  readonly files: number;
  readonly snapshots: number;
  /** Index of the first snapshot that is hit, and how many it takes. */
  readonly attackAt: number;
  readonly attackTakes: number;
  /** Share of the files that is hit in all, and that is changed honestly in each snapshot. */
  readonly hitShare: number;
  readonly changedShare: number;
  readonly seed: number;
}

/** What's true of one path. */
export interface Truth {
  /** SHA-256 of the owner's last content that a snapshot holds. */
  last: string;
  /** Of what the owner wrote last, which may have been hit before it was seen. */
  now: string;
  /** Index of the last snapshot in which it stood. */
  seen: number;
  hit: number | null;
  /** Gone before the attack. */
  deleted: boolean;
}

export interface Made {
  readonly folders: readonly string[];
  readonly truth: ReadonlyMap<string, Truth>;
  /** Every content that an attack left. */
  readonly hostile: ReadonlySet<string>;
  readonly layouts: ReadonlySet<string>;
}

/** Makes hard-linked snapshots, as `rsync --link-dest` does: files are replaced, never written in place. */
export function makeSnapshots(plan: SnapshotPlan): Made {
  return new Maker(plan).make();
}

class Maker {
  readonly #plan: SnapshotPlan;
  readonly #random: Random;
  readonly #truth = new Map<string, Truth>();
  readonly #hostile = new Set<string>();
  readonly #layouts = new Set<string>();
  readonly #folders: string[] = [];

  constructor(plan: SnapshotPlan) {
    this.#plan = plan;
    this.#random = new Random(plan.seed);
  }

  make(): Made {
    const { folder, snapshots } = this.#plan;
    rmSync(folder, { recursive: true, force: true });
    for (let index = 0; index < snapshots; index++) {
      const path = join(folder, `2026-03-${String(index + 1).padStart(2, '0')}`);
      if (index === 0) this.#begin(path);
      else {
        linkTree(this.#folders.at(-1)!, path);
        this.#live(path, index);
      }
      this.#folders.push(path);
      this.#see(path, index);
    }
    return { folders: this.#folders, truth: this.#truth, hostile: this.#hostile, layouts: this.#layouts };
  }

  /** Text, tables and the like of a server, and genuine files of the corpus. */
  #begin(path: string): void {
    const { files, seed } = this.#plan;
    const made = hasCorpus ? Math.floor(files * 0.8) : files;
    makeTree(path, { files: made, folders: Math.ceil(made / 50), largest: 8192, seed });
    rmSync(join(path, '.plan.json'));
    for (const [i, file] of genuine(files - made).entries()) {
      const to = join(path, `documents-${i % 20}`, `${i}-${basename(file)}`);
      mkdirSync(dirname(to), { recursive: true });
      writeFileSync(to, readFileSync(file));
    }
    for (const file of walk(path)) {
      const last = hash(readFileSync(join(path, file)));
      this.#truth.set(file, { last, now: last, seen: 0, hit: null, deleted: false });
    }
  }

  /** A day: owners change, add and delete; then the attack, on those days on which it's at work. */
  #live(path: string, index: number): void {
    const { files, changedShare, attackAt, attackTakes, hitShare } = this.#plan;
    const alive = [...this.#truth]
      .filter(([, { hit, deleted }]) => hit === null && !deleted)
      .map(([file]) => file);
    const changes = Math.round(files * changedShare);
    for (let i = 0; i < changes; i++) this.#change(path, alive[this.#random.below(alive.length)]!);
    for (let i = 0; i < changes / 5; i++) this.#add(path, index, i);
    if (index < attackAt) {
      for (let i = 0; i < changes / 5; i++) this.#delete(path, alive[this.#random.below(alive.length)]!);
    }
    if (index < attackAt || index >= attackAt + attackTakes) return;
    const victims = Math.round((files * hitShare) / attackTakes);
    for (let i = 0; i < victims; i++) this.#hit(path, alive[this.#random.below(alive.length)]!, index);
  }

  #change(path: string, file: string): void {
    const truth = this.#truth.get(file)!;
    if (truth.deleted || !/\.(?:txt|log|csv)$/.test(file) || file.startsWith('documents-')) return;
    const text = `${readFileSync(join(path, file), 'latin1')}one more line ${this.#random.below(1000)}\n`;
    replace(join(path, file), Buffer.from(text, 'latin1'));
    truth.now = hash(Buffer.from(text, 'latin1'));
  }

  #add(path: string, index: number, number: number): void {
    const file = `new/day-${index}-${number}.txt`;
    const text = Buffer.from(`written on day ${index}, number ${number}\n`.repeat(20));
    mkdirSync(join(path, 'new'), { recursive: true });
    writeFileSync(join(path, file), text);
    this.#truth.set(file, { last: hash(text), now: hash(text), seen: index, hit: null, deleted: false });
  }

  #delete(path: string, file: string): void {
    const truth = this.#truth.get(file)!;
    if (truth.deleted) return;
    rmSync(join(path, file));
    truth.deleted = true;
  }

  /** Encrypted in place, renamed behind or before, or deleted. */
  #hit(path: string, file: string, index: number): void {
    const truth = this.#truth.get(file)!;
    if (truth.deleted || truth.hit !== null) return;
    truth.hit = index;
    const way = this.#random.below(10);
    if (way === 0) {
      rmSync(join(path, file));
      return;
    }
    const name = basename(file);
    const renamed = [
      name,
      name,
      name,
      `${name}.lockedbyus`,
      `${name}.id-7F3A.[x@y.z].akr`,
      `[A1B2C3].${name}`,
    ][way % 6]!;
    const bytes = this.#encrypt({ name, bytes: readFileSync(join(path, file)) });
    this.#hostile.add(hash(bytes));
    rmSync(join(path, file));
    writeFileSync(join(path, dirname(file), renamed), bytes);
  }

  /** Under the layout of a real family, if it changes this file at all, else in full. */
  #encrypt(victim: { name: string; bytes: Buffer }): Uint8Array {
    const names = Object.keys(ciphers) as CipherName[];
    const layout = familyLayouts[this.#random.below(familyLayouts.length)]!;
    const cipher = names[this.#random.below(names.length)]!;
    const seed = this.#random.below(1e9);
    const attacked = attack(victim, { ...layout, rename: (name) => name }, cipher, seed);
    if (attacked !== null && attacked.changedBytes >= 16) {
      this.#layouts.add(layout.id);
      return attacked.bytes;
    }
    return attack(victim, full, cipher, seed)!.bytes;
  }

  #see(path: string, index: number): void {
    for (const file of walk(path)) {
      const truth = this.#truth.get(file);
      if (truth === undefined || truth.hit !== null) continue;
      truth.seen = index;
      truth.last = truth.now;
    }
  }
}

const full: Layout = {
  id: 'full, with key',
  ranges: (size) => [{ start: 0, end: size }],
  trailer: (_, random) => random.bytes(256),
};

/** So many small genuine files, always the same. */
function genuine(count: number): string[] {
  if (count === 0) return [];
  const root = join(corpusRoot, 'genuine');
  const all = walk(root)
    .sort()
    .map((file) => join(root, file))
    .filter((file) => statSync(file).size <= 65_536);
  return Array.from({ length: count }, (_, i) => all[i % all.length]!);
}

export function walk(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

function linkTree(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  const made = new Set<string>();
  for (const file of walk(from)) {
    const folder = dirname(join(to, file));
    if (!made.has(folder)) mkdirSync(folder, { recursive: true });
    made.add(folder);
    linkSync(join(from, file), join(to, file));
  }
}

function replace(path: string, bytes: Uint8Array): void {
  writeFileSync(`${path}.tmp~`, bytes);
  renameSync(`${path}.tmp~`, path);
}

export function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
