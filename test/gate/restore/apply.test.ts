import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ApplyOptions, applyPlan } from '../../../src/gate/restore/apply.ts';
import type { ApplyLine } from '../../../src/gate/restore/apply-line.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { type Files, hit, honest, makeSnapshots } from '../../support/snapshots.ts';

const sha256 = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex');

interface Stage {
  readonly folder: string;
  readonly snapshot: string;
  readonly target: string;
  readonly plan: string;
}

/** A snapshot, and a plan that restores all of it; `change` alters its lines. */
function stageOf(files: Files, change: (line: Record<string, unknown>) => void = () => {}): Stage {
  const folder = temporaryFolder();
  const [snapshot] = makeSnapshots(folder, files) as [string];
  const lines = Object.entries(files).map(([text, content]) => ({
    type: 'restore',
    path: { text },
    snapshot: 0,
    size: Buffer.byteLength(content),
    sha256: sha256(content),
    modified: '2026-03-01T00:00:00.000Z',
    verdict: 'intact',
    reason: 'the newest version',
  }));
  for (const line of lines) change(line);
  const plan = join(folder, 'plan.ndjson');
  writePlan(plan, snapshot, lines);
  return { folder, snapshot, target: join(folder, 'target'), plan };
}

function writePlan(file: string, snapshot: string, lines: readonly { size: number }[]): void {
  const header = {
    type: 'plan',
    schema: 1,
    tool: 'unscathed test',
    made: '2026-03-01T00:00:00.000Z',
    orderedBy: 'given',
    snapshots: [{ path: { text: snapshot }, label: '1', time: null }],
    accept: ['intact'],
    attack: null,
  };
  const bytes = lines.reduce((sum, { size }) => sum + size, 0);
  const end = { type: 'end', restore: lines.length, bytes, missing: 0, left: 0 };
  writeFileSync(file, [header, ...lines, end].map((line) => `${JSON.stringify(line)}\n`).join(''));
}

async function apply({ plan, target }: Stage, options: Partial<ApplyOptions> = {}): Promise<ApplyLine[]> {
  const lines: ApplyLine[] = [];
  for await (const line of applyPlan(plan, { to: target, workers: 1, ...options })) lines.push(line);
  return lines;
}

/** What became of each path. */
function outcomes(lines: readonly ApplyLine[]): Record<string, string> {
  return Object.fromEntries(
    lines.flatMap((line) => {
      if (line.type === 'done') return [[line.path.text, line.what]];
      return line.type === 'refused' ? [[line.path.text, line.why]] : [];
    }),
  );
}

const two = { 'a.txt': honest(1), 'd/e/b.txt': honest(2) };

// Each starts workers, which takes seconds on a busy machine.
describe('applyPlan', { timeout: 120_000 }, () => {
  it('restores each file with its rights and time, complete, and leaves nothing else', async () => {
    const stage = stageOf(two);
    chmodSync(join(stage.snapshot, 'a.txt'), 0o4640);
    utimesSync(join(stage.snapshot, 'a.txt'), 1_700_000_000, 1_700_000_000);
    const lines = await apply(stage);
    expect(outcomes(lines)).toEqual({ 'a.txt': 'restored', 'd/e/b.txt': 'restored' });
    expect(lines.at(-1)).toMatchObject({ type: 'end', restored: 2, refused: 0, interrupted: false });
    expect(readFileSync(join(stage.target, 'd/e/b.txt'), 'utf8')).toBe(two['d/e/b.txt']);
    const stats = statSync(join(stage.target, 'a.txt'));
    expect(stats.mode & 0o7777).toBe(0o640);
    expect(stats.mtimeMs).toBe(1_700_000_000_000);
    expect(stats.nlink).toBe(1);
    expect(readdirSync(stage.target).sort()).toEqual(['a.txt', 'd']);
  });

  it('writes nothing in a dry run, and says what it would do', async () => {
    const stage = stageOf(two);
    expect(outcomes(await apply(stage, { dryRun: true }))).toEqual({
      'a.txt': 'would restore',
      'd/e/b.txt': 'would restore',
    });
    expect(existsSync(stage.target)).toBe(false);
    mkdirSync(stage.target);
    writeFileSync(join(stage.target, 'a.txt'), 'mine');
    expect(outcomes(await apply(stage, { dryRun: true }))['a.txt']).toContain('other contents');
    expect(outcomes(await apply(stage, { dryRun: true, replace: true }))['a.txt']).toBe('would replace');
    expect(readdirSync(stage.target)).toEqual(['a.txt']);
  });

  it('overwrites nothing without replace, and what is there already is left as it is', async () => {
    const stage = stageOf(two);
    mkdirSync(stage.target);
    writeFileSync(join(stage.target, 'a.txt'), 'mine');
    expect(outcomes(await apply(stage))['a.txt']).toContain('other contents');
    expect(readFileSync(join(stage.target, 'a.txt'), 'utf8')).toBe('mine');
    expect(outcomes(await apply(stage, { replace: true }))).toEqual({
      'a.txt': 'replaced',
      'd/e/b.txt': 'present',
    });
    expect(readFileSync(join(stage.target, 'a.txt'), 'utf8')).toBe(two['a.txt']);
  });

  it('refuses a file whose source changed, is gone, or became a link or a pipe, and restores the others', async () => {
    const names = ['size.txt', 'bytes.txt', 'gone.txt', 'link.txt', 'good.txt'];
    const stage = stageOf(Object.fromEntries(names.map((name, i) => [name, honest(i)])));
    const at = (name: string) => join(stage.snapshot, name);
    truncateSync(at('size.txt'), 3);
    writeFileSync(at('bytes.txt'), honest(1).replace('Minutes', 'minutes'));
    rmSync(at('gone.txt'));
    rmSync(at('link.txt'));
    symlinkSync(at('good.txt'), at('link.txt'));
    const found = outcomes(await apply(stage));
    expect(found['size.txt']).toMatch(/the source changed: it has 3 bytes/);
    expect(found['bytes.txt']).toContain('its SHA-256 is another one');
    expect(found['gone.txt']).toContain("can't be opened");
    expect(found['link.txt']).toContain('symbolic link');
    expect(found['good.txt']).toBe('restored');
    expect(readdirSync(stage.target)).toEqual(['good.txt']);
  });

  it('never restores what is encrypted, whatever the plan says of it', async () => {
    const stage = stageOf({ 'a.docx': hit(), 'b.txt': honest(1) });
    expect(outcomes(await apply(stage))['a.docx']).toContain('examined once more it is encrypted');
    expect(readdirSync(stage.target)).toEqual(['b.txt']);
  });

  it('goes through no link in the target, neither of a folder nor of a file', async () => {
    const stage = stageOf({ 'd/a.txt': honest(1), 'b.txt': honest(2) });
    const outside = join(stage.folder, 'outside');
    for (const folder of [outside, stage.target]) mkdirSync(folder);
    symlinkSync(outside, join(stage.target, 'd'));
    symlinkSync(join(outside, 'b.txt'), join(stage.target, 'b.txt'));
    for (const replace of [false, true]) {
      const found = outcomes(await apply(stage, { replace }));
      expect(found['d/a.txt']).toContain('in the place of a folder');
      expect(found['b.txt']).toContain('symbolic link');
    }
    expect(readdirSync(outside)).toEqual([]);
  });

  it('writes into no evidence: not into a snapshot, nor around one', async () => {
    const stage = stageOf(two);
    for (const to of [stage.snapshot, join(stage.snapshot, 'new'), stage.folder]) {
      await expect(apply(stage, { to })).rejects.toMatchObject({ code: 'UNSCATHED_APPLY' });
    }
    expect(readdirSync(stage.snapshot).sort()).toEqual(['a.txt', 'd']);
  });

  it('goes on where it was ended, and removes what a killed run left', async () => {
    const stage = stageOf(two);
    await apply(stage);
    rmSync(join(stage.target, 'a.txt'));
    const mark = sha256('a.txt').slice(0, 12);
    writeFileSync(join(stage.target, `.unscathed-${mark}.a.txt`), 'half');
    writeFileSync(join(stage.target, '.unscathed-restore.lock'), '999999999 1\n');
    expect(outcomes(await apply(stage))).toEqual({ 'a.txt': 'restored', 'd/e/b.txt': 'present' });
    expect(readdirSync(stage.target).sort()).toEqual(['a.txt', 'd']);
  });

  it('refuses a target into which another process restores', async () => {
    const stage = stageOf(two);
    mkdirSync(stage.target);
    const stat = readFileSync(`/proc/${process.pid}/stat`, 'latin1');
    const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    writeFileSync(join(stage.target, '.unscathed-restore.lock'), `${process.pid} ${started}\n`);
    await expect(apply(stage)).rejects.toThrow(`process ${process.pid} restores into`);
  });

  it('ends between files when its signal is aborted, and says so', async () => {
    const lines = await apply(stageOf(two), { signal: AbortSignal.abort() });
    expect(lines.at(-1)).toMatchObject({ interrupted: true, restored: 0 });
  });

  it.each([
    ['leads out', { path: { text: '../a.txt' } }, 'line 2: path: it leads out'],
    [
      'leads out in bytes',
      { path: { text: 'x', raw: Buffer.from('a/../../b').toString('base64') } },
      'line 2: path',
    ],
    ['is absolute', { path: { text: '/etc/passwd' } }, 'line 2: path: it is absolute'],
    ['has a source that leads out', { source: { text: 'a/../../b' } }, 'line 2: source: it leads out'],
    ['names no snapshot', { snapshot: 4 }, 'line 2: snapshot: there are snapshots 0 to 0'],
    ['has no hash', { sha256: 'abc' }, 'line 2: sha256: must match pattern'],
    ['is encrypted', { verdict: 'encrypted' }, 'line 2: verdict: must be one of intact'],
    ['is not accepted', { verdict: 'unproved' }, 'line 2: verdict: the plan accepts intact'],
    ['has a negative size', { size: -1 }, 'line 2: size: must be >= 0'],
    ['has a field too many', { extra: 1 }, 'line 2: extra: there is no such field'],
    ['lacks a field', { reason: undefined }, 'line 2: reason: is missing'],
    ['is of no type', { type: 'copy' }, 'line 2: type: must be one of plan'],
  ])('refuses a plan with a line that %s, before anything is written', async (_, change, message) => {
    const stage = stageOf(two, (line) => Object.assign(line, change));
    await expect(apply(stage)).rejects.toThrow(message);
    expect(existsSync(stage.target)).toBe(false);
  });

  it('refuses a plan that is cut short, no JSON, empty, or without a beginning', async () => {
    const stage = stageOf(two);
    const lines = readFileSync(stage.plan, 'utf8').split('\n');
    const refused = async (text: string, message: string) => {
      writeFileSync(stage.plan, text);
      await expect(apply(stage)).rejects.toThrow(message);
    };
    await refused(`${lines.slice(0, -2).join('\n')}\n`, 'line 3: the line of type end is missing');
    await refused(lines.join('\n').slice(0, -20), 'line 4: it is no JSON');
    await refused('', 'the plan is empty');
    await refused(lines.slice(1).join('\n'), 'line 1: type: the first line');
    await refused([lines[0], lines[1], lines[3]].join('\n'), 'line 3: restore: says 2, but there are 1');
  });
});
