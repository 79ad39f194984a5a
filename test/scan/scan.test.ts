import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { EndLine, FileLine, ReportLine } from '../../src/report/line.ts';
import { CrewError } from '../../src/scan/crew.ts';
import type { ScanOptions } from '../../src/scan/options.ts';
import { scan, scanToText } from '../../src/scan/scan.ts';
import type { Progress } from '../../src/scan/tally.ts';
import { MissingRoot } from '../../src/sources/folders/roots.ts';
import { canMakeOddTree, makeFolder, makeOddTree, removeTree } from '../sources/folders/odd-tree.ts';

const dist = fileURLToPath(new URL('../../dist/', import.meta.url));
const isBuilt = existsSync(join(dist, 'worker.js'));
if (!isBuilt) console.warn('the worker is not built (npm run build): tests of scans are skipped');

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const hostile = new URL('plugins/hostile.mjs', import.meta.url);

async function collect(root: string, options: ScanOptions = {}): Promise<ReportLine[]> {
  const lines: ReportLine[] = [];
  for await (const line of scan([root], { workers: 2, ...options })) lines.push(line);
  return lines;
}

function filesOf(lines: readonly ReportLine[]): FileLine[] {
  return lines.filter((line) => line.type === 'file');
}

function fileOf(lines: readonly ReportLine[], name: string): FileLine {
  const line = filesOf(lines).find(({ path }) => path.text.endsWith(`/${name}`));
  if (line === undefined) throw new Error(`no line on ${name}`);
  return line;
}

function whyOf(lines: readonly ReportLine[], name: string): string {
  return fileOf(lines, name).reasons[0]!.text;
}

function endOf(lines: readonly ReportLine[]): EndLine {
  const last = lines.at(-1);
  if (last?.type !== 'end') throw new Error('the last line is no end');
  return last;
}

/** A folder with plain files and, for each misdeed, a file that asks for it. */
function makeFiles(plain: number, ...misdeeds: string[]): string {
  const folder = makeFolder();
  for (let i = 0; i < plain; i++) {
    if (i % 50 === 0) mkdirSync(join(folder, `d${i / 50}`));
    writeFileSync(
      join(folder, `d${Math.floor(i / 50)}`, `plain-${i}.txt`),
      `plain text ${i}\n`.repeat(i % 40),
    );
  }
  for (const misdeed of misdeeds) {
    const path = join(folder, misdeed);
    writeFileSync(path, `hostile ${misdeed} ${path} \n${'x'.repeat(100_000)}`);
  }
  return folder;
}

describe.runIf(isBuilt)('a scan', () => {
  let folder: string;
  beforeAll(() => {
    folder = makeFiles(700);
  });
  afterAll(() => removeTree(folder));

  it('begins with what was asked, ends with counts, and has a line for each file', async () => {
    const lines = await collect(folder);
    expect(lines[0]).toMatchObject({ type: 'scan', schema: 1, roots: [{ text: folder }] });
    expect(new Set(filesOf(lines).map(({ path }) => path.text)).size).toBe(700);
    const { files, counts, interrupted } = endOf(lines);
    expect({ files, interrupted }).toEqual({ files: 700, interrupted: false });
    expect(Object.values(counts).reduce((sum, count) => sum + count)).toBe(700);
  });

  it('gives the same lines whatever the number of workers', async () => {
    const linesWith = async (workers: number) =>
      (await collect(folder, { workers }))
        .slice(1, -1)
        .map((line) => JSON.stringify(line))
        .sort();
    const one = await linesWith(1);
    expect(await linesWith(2)).toEqual(one);
    expect(await linesWith(4)).toEqual(one);
  });

  it('tells how far it is', async () => {
    let last: Progress | undefined;
    await collect(folder, { onProgress: (progress) => (last = progress) });
    expect(last).toMatchObject({ files: 700, foundFiles: 700, walked: true, unread: 0 });
    expect(last!.bytes).toBe(last!.foundBytes);
  });

  it('adds SHA-256 on request', async () => {
    const lines = await collect(folder, { sha256: true, include: ['plain-39.txt'] });
    const expected = createHash('sha256').update('plain text 39\n'.repeat(39)).digest('hex');
    expect(fileOf(lines, 'plain-39.txt').sha256).toBe(expected);
  });

  it('lists what did not change since a time as skipped', async () => {
    const lines = await collect(folder, { since: new Date(Date.now() + 60_000) });
    expect(filesOf(lines)).toHaveLength(0);
    expect(endOf(lines).skipped).toBe(700);
  });

  it('is not deceived by a modification time that was set back', async () => {
    const place = makeFiles(1);
    utimesSync(join(place, 'd0/plain-0.txt'), new Date(0), new Date(0));
    expect(filesOf(await collect(place, { since: new Date(Date.now() - 60_000) }))).toHaveLength(1);
    removeTree(place);
  });

  it('throws for a missing root, a wrong number of workers, a plug-in that is none', async () => {
    await expect(collect(join(folder, 'nowhere'))).rejects.toBeInstanceOf(MissingRoot);
    await expect(collect(folder, { workers: 0 })).rejects.toBeInstanceOf(RangeError);
    const plugins = [new URL('plugins/empty.mjs', import.meta.url)];
    await expect(collect(folder, { plugins })).rejects.toBeInstanceOf(CrewError);
    const nowhere = [new URL('plugins/nowhere.mjs', import.meta.url)];
    await expect(collect(folder, { plugins: nowhere })).rejects.toBeInstanceOf(CrewError);
  });

  it('gives whole lines of NDJSON in few pieces', async () => {
    const pieces: string[] = [];
    for await (const piece of scanToText([folder], { workers: 2 })) pieces.push(piece);
    expect(pieces.every((piece) => piece.endsWith('\n'))).toBe(true);
    expect(pieces.length).toBeLessThan(20);
    expect(
      pieces
        .join('')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).type),
    ).toHaveLength(702);
  });

  it('ends its threads when the consumer stops early', async () => {
    for await (const line of scan([folder], { workers: 2 })) if (line.type === 'file') break;
    expect(process.getActiveResourcesInfo().filter((kind) => kind === 'MessagePort').length).toBeLessThan(3);
  });
});

describe.runIf(isBuilt)('a file that brings its worker down costs only itself', () => {
  async function scanWith(misdeed: string, options: ScanOptions = {}): Promise<ReportLine[]> {
    const folder = makeFiles(60, misdeed);
    try {
      const lines = await collect(folder, { plugins: [hostile], ...options });
      expect(endOf(lines)).toMatchObject({ files: 61, interrupted: false });
      const plain = filesOf(lines).filter(({ path }) => path.text.includes('plain-'));
      expect(new Set(plain.map(({ path }) => path.text)).size).toBe(60);
      expect(plain.every(({ verdict }) => verdict !== 'unread')).toBe(true);
      return lines;
    } finally {
      removeTree(folder);
    }
  }

  it('where its verifier throws', async () => {
    const lines = await scanWith('throws');
    expect(fileOf(lines, 'throws').verdict).toBe('unread');
    expect(whyOf(lines, 'throws')).toContain('a mistake in a verifier');
  });

  it('where its verifier runs out of stack', async () => {
    expect(fileOf(await scanWith('overflows'), 'overflows').verdict).toBe('unread');
  });

  it('where its verifier never ends', async () => {
    const lines = await scanWith('loops', { patience: 1000 });
    expect(whyOf(lines, 'loops')).toContain('no sign of progress for 1 seconds');
  });

  it('where its verifier takes all memory', async () => {
    const lines = await scanWith('allocates', { heap: 64 });
    expect(whyOf(lines, 'allocates')).toContain('ran out of memory');
  });

  it('where its verifier ends the thread', async () => {
    expect(whyOf(await scanWith('exits'), 'exits')).toContain('ended its worker');
  });

  it('where all of that happens in one scan, with any number of workers', async () => {
    const folder = makeFiles(300, 'throws', 'overflows', 'loops', 'allocates', 'exits');
    const options = { plugins: [hostile], patience: 1000, heap: 64 };
    for (const workers of [1, 3]) {
      const lines = await collect(folder, { ...options, workers });
      expect(endOf(lines)).toMatchObject({ files: 305, unread: 5 });
    }
    removeTree(folder);
  });
});

describe.runIf(isBuilt)('a file that changes while it is read', () => {
  it('is unread where it shrank', async () => {
    const folder = makeFiles(5, 'shrinks');
    const lines = await collect(folder, { plugins: [hostile] });
    expect(fileOf(lines, 'shrinks').verdict).toBe('unread');
    expect(whyOf(lines, 'shrinks')).toContain('shrank');
    removeTree(folder);
  });

  it('is marked where it grew', async () => {
    const folder = makeFiles(5, 'grows');
    const lines = await collect(folder, { plugins: [hostile] });
    expect(fileOf(lines, 'grows').changed).toBe(true);
    expect(filesOf(lines).filter(({ changed }) => changed === true)).toHaveLength(1);
    removeTree(folder);
  });
});

describe.runIf(isBuilt)('aborting', () => {
  it('leaves a valid report that says so, and throws the reason', async () => {
    const folder = makeFiles(3000);
    const controller = new AbortController();
    const reason = new Error('enough');
    const lines: ReportLine[] = [];
    const scanned = (async () => {
      for await (const line of scan([folder], { workers: 2, signal: controller.signal })) {
        lines.push(line);
        if (line.type === 'file') controller.abort(reason);
      }
    })();
    await expect(scanned).rejects.toBe(reason);
    expect(endOf(lines)).toMatchObject({ interrupted: true, files: filesOf(lines).length });
    removeTree(folder);
  });

  it('does not wait for a file that hangs', async () => {
    const folder = makeFiles(0, 'loops');
    const signal = AbortSignal.timeout(1500);
    const begun = performance.now();
    await expect(collect(folder, { plugins: [hostile], signal })).rejects.toThrow();
    expect(performance.now() - begun).toBeLessThan(8000);
    removeTree(folder);
  });

  it('before the start throws at once', async () => {
    await expect(collect('/', { signal: AbortSignal.abort(new Error('no')) })).rejects.toThrow('no');
  });
});

describe.runIf(isBuilt)('back-pressure', () => {
  it('keeps the scan from running ahead of a slow consumer', async () => {
    const folder = makeFolder();
    for (let i = 0; i < 12_000; i++) {
      if (i % 100 === 0) mkdirSync(join(folder, `d${i / 100}`));
      writeFileSync(join(folder, `d${Math.floor(i / 100)}`, `f${i}`), '');
    }
    let progress: Progress | undefined;
    const iterator = scan([folder], { workers: 2, onProgress: (now) => (progress = now) });
    await iterator.next();
    await iterator.next();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(progress!.foundFiles).toBeLessThan(7000);
    await iterator.return(undefined);
    removeTree(folder);
  });
});

describe.runIf(isBuilt && canMakeOddTree)('odd names and nodes', () => {
  it('are all in the report', async () => {
    const odd = makeOddTree();
    const lines = await collect(odd);
    const report = lines.map((line) => JSON.stringify(line)).join('\n');
    expect(fileOf(lines, 'new\nline.txt').verdict).not.toBe('unread');
    expect(report).toContain(
      Buffer.from(`${odd}/names/latin1-\xe9\xe8\xfc.txt`, 'latin1').toString('base64'),
    );
    expect(endOf(lines).unread).toBe(1);
    removeTree(join(odd, '..'));
  });

  it('never reach a terminal as they are', async () => {
    const odd = makeOddTree();
    let text = '';
    for await (const piece of scanToText([odd], { workers: 2, exclude: ['sparse-*'] })) text += piece;
    expect(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e]/.test(text)).toBe(false);
    removeTree(join(odd, '..'));
  });

  it.runIf(process.getuid?.() === 0)('that a user may not read are listed as unread', () => {
    const odd = makeOddTree();
    const script = `import { scan } from ${JSON.stringify(`${dist}index.js`)};
      for await (const line of scan([${JSON.stringify(odd)}], { workers: 2, exclude: ['sparse-*'] })) console.log(JSON.stringify(line));`;
    const out = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      uid: 65534,
      gid: 65534,
      cwd: '/',
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    });
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as ReportLine);
    expect(whyOf(lines, 'unreadable.txt')).toContain('EACCES');
    expect(whyOf(lines, 'writeonly')).toContain('EACCES');
    const unread = lines.flatMap((line) =>
      line.type === 'unread' ? [line.path.text.slice(odd.length)] : [],
    );
    expect(unread).toContain('/modes/no-list');
    expect(endOf(lines)).toMatchObject({ interrupted: false });
    removeTree(join(odd, '..'));
  });
});
