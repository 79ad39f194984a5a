import { createCipheriv } from 'node:crypto';
import { linkSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import type { Decision } from '../../src/gate/decision.ts';
import { run, runShell } from '../support/cli.ts';
import { temporaryFolder } from '../support/folder.ts';
import { honestText } from '../support/honest.ts';
import { randomBytes } from '../support/random.ts';
import { parseReport } from '../support/schema.ts';

const honest = honestText(250);
const encrypt = (text: string) =>
  createCipheriv('aes-256-ctr', randomBytes(32), randomBytes(16)).update(Buffer.from(text));

/** Two honest files, and one that was hit. */
function hitFolder(): string {
  const folder = honestFolder();
  writeFileSync(join(folder, 'finance', 'report.txt'), encrypt(honest));
  return folder;
}

function honestFolder(): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'finance'));
  writeFileSync(join(folder, 'readme.txt'), honest);
  writeFileSync(join(folder, 'finance', 'plan.txt'), honest);
  return folder;
}

function policyFile(text: string): string {
  const file = join(temporaryFolder(), 'policy.yaml');
  writeFileSync(file, text);
  return file;
}

const decisionOf = (stdout: string) => JSON.parse(stdout) as Decision;
const entries = (list: string | Buffer) =>
  list
    .toString()
    .split('\0')
    .filter((path) => path !== '')
    .sort();

describe('unscathed gate', () => {
  it('passes what is safe, in one line, and exits 0', () => {
    expect(run('gate', honestFolder())).toMatchObject({ code: 0, stdout: 'pass: 2 files may go back\n' });
  });

  it('holds what was hit, says why, and exits 1', () => {
    const { code, stdout } = run('gate', hitFolder());
    expect(code).toBe(1);
    expect(stdout).toMatch(/^hold: 1 file is encrypted: \S+finance\/report\.txt\n$/);
  });

  it('exits 3 for an empty folder', () => {
    const { code, stdout } = run('gate', temporaryFolder());
    expect(code).toBe(3);
    expect(stdout).toMatch(/^incomplete: 0 files were found/);
  });

  it('writes lists of what may go back and of what may not', () => {
    const lists = temporaryFolder();
    const [safe, held] = [join(lists, 'safe'), join(lists, 'held')];
    run('gate', hitFolder(), '--safe', safe, '--held', held, '--relative');
    expect(entries(readFileSync(safe))).toEqual(['./finance/plan.txt', './readme.txt']);
    expect(entries(readFileSync(held))).toEqual(['./finance/report.txt']);
    expect(readdirSync(lists).sort()).toEqual(['held', 'safe']);
  });

  it('lists each name of a file that has several, and no link that it did not follow', () => {
    const folder = honestFolder();
    linkSync(join(folder, 'readme.txt'), join(folder, 'second.txt'));
    symlinkSync('readme.txt', join(folder, 'link'));
    const { stdout, stderr } = run('gate', folder, '--print0', '--relative');
    expect(entries(stdout)).toEqual(['./finance/plan.txt', './readme.txt', './second.txt']);
    expect(stderr).toContain('pass: 3 files');
    expect(entries(run('gate', folder, '--print0', '--relative', '--accept', 'links').stdout)).toContain(
      './link',
    );
  });

  it('prints the decision as JSON, and writes the report that it rests on', () => {
    const report = join(temporaryFolder(), 'report');
    const decision = decisionOf(run('gate', hitFolder(), '--json', '-o', report).stdout);
    expect(decision).toMatchObject({
      type: 'decision',
      schema: 1,
      decision: 'hold',
      complete: true,
      files: { safe: 2, held: 1, aside: 0, unknown: 0 },
      reasons: [{ code: 'H101', files: 1 }],
    });
    expect(parseReport(readFileSync(report, 'utf8')).at(-1)).toMatchObject({ type: 'end', files: 3 });
  });

  it('says nothing with --quiet but by its exit code', () => {
    expect(run('gate', hitFolder(), '--quiet')).toEqual({ code: 1, stdout: '', stderr: '' });
  });

  it('asks for canaries, and for their very bytes', () => {
    const folder = honestFolder();
    writeFileSync(join(folder, 'canary.txt'), 'A bird sits here.\n');
    const policy = policyFile('version: 1\ncanaries: [canary.txt]\n');
    expect(run('gate', folder, '--policy', policy).code).toBe(0);
    const other = policyFile(`version: 1\ncanaries: [{path: canary.txt, sha256: ${'a'.repeat(64)}}]\n`);
    expect(run('gate', folder, '--policy', other).stdout).toContain('canary is not what it should be');
    rmSync(join(folder, 'canary.txt'));
    const { code, stdout } = run('gate', folder, '--policy', policy);
    expect(code).toBe(1);
    expect(stdout).toBe('hold: 1 canary is missing: canary.txt\n');
  });

  it('accepts what --accept names, and never ciphertext', () => {
    const folder = honestFolder();
    writeFileSync(
      join(folder, 'table.xyz'),
      Buffer.from(Array.from({ length: 65536 }, (_, i) => (i * i) & 0x3f)),
    );
    expect(run('gate', folder).code).toBe(1);
    expect(run('gate', folder, '--accept', 'contrast', 'unproved').code).toBe(0);
    expect(run('gate', folder, '--accept', 'encrypted')).toMatchObject({ code: 2 });
  });

  it('names line and field of what is wrong in a policy, and exits 2', () => {
    const policy = policyFile('version: 1\nverdicts:\n  unproven: accept\n');
    const { code, stderr } = run('gate', honestFolder(), '--policy', policy);
    expect(code).toBe(2);
    expect(stderr).toContain('line 3, column 3: verdicts.unproven: there is no such field');
    expect(run('gate', honestFolder(), '--policy', '/no/such/policy')).toMatchObject({ code: 2 });
  });

  it('calls missing paths, and lists that can’t be made, wrong usage', () => {
    expect(run('gate', '/there/is/no/such/path').code).toBe(2);
    const lists = temporaryFolder();
    const { code, stderr } = run(
      'gate',
      honestFolder(),
      '--safe',
      join(lists, 'a'),
      '--held',
      '/no/such/folder/b',
    );
    expect(code).toBe(2);
    expect(stderr).toContain('/no/such/folder/b');
    expect(readdirSync(lists)).toEqual([]);
  });

  it('ends when its time is over, incomplete', () => {
    const policy = policyFile('version: 1\nlimits: {seconds: 0.001}\n');
    const { code, stdout } = run('gate', honestFolder(), '--policy', policy);
    expect(code).toBe(3);
    expect(stdout).toContain('the examination was interrupted');
  });

  it('bears a reader that goes away', () => {
    const folder = honestFolder();
    for (let i = 0; i < 3000; i++)
      writeFileSync(join(folder, `a-file-with-a-long-name-${'x'.repeat(80)}-${i}.txt`), 'hello\n');
    const { stderr } = runShell(
      `$UNSCATHED gate --print0 ${folder} | head -c 100 >/dev/null; echo "\${PIPESTATUS[0]}" >&2`,
      folder,
    );
    expect(stderr).not.toMatch(/Error|at .*\.js/);
  });
});

describe('the schema of policies', () => {
  it('is a schema, and ships beside the code', () => {
    const shipped = readFileSync(new URL('../../dist/policy.schema.json', import.meta.url), 'utf8');
    expect(shipped).toBe(readFileSync(new URL('../../src/gate/policy.schema.json', import.meta.url), 'utf8'));
    expect(new Ajv2020().validateSchema(JSON.parse(shipped))).toBe(true);
  });
});
