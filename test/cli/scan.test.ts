import { createCipheriv } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FileLine } from '../../src/report/line.ts';
import { run, runShell, start } from '../support/cli.ts';
import { temporaryFolder } from '../support/folder.ts';
import { honestText } from '../support/honest.ts';
import { randomBytes } from '../support/random.ts';
import { parseReport } from '../support/schema.ts';

const honest = honestText(200);

function encrypt(bytes: Uint8Array): Buffer {
  return createCipheriv('aes-256-ctr', randomBytes(32), randomBytes(16)).update(bytes);
}

/** A server's folder with an honest and an encrypted file. */
function hitFolder(): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'finance'));
  writeFileSync(join(folder, 'readme.txt'), honest);
  writeFileSync(join(folder, 'finance', 'report.txt'), encrypt(Buffer.from(honest)));
  return folder;
}

function honestFolder(): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'readme.txt'), honest);
  return folder;
}

const filesOf = (report: string) =>
  parseReport(report).filter((line): line is FileLine => line.type === 'file');

describe('unscathed scan', () => {
  it('lists what is not safe, sums up, and exits 1', () => {
    const { code, stdout, stderr } = run('scan', hitFolder());
    expect(code).toBe(1);
    expect(stdout).toMatch(/^encrypted +\S+finance\/report\.txt/);
    expect(stdout).not.toContain('readme.txt');
    expect(stderr).toContain('2 files');
    expect(stderr).toMatch(/1 +encrypted/);
    expect(stderr).toMatch(/worst folders:\n.*finance/);
  });

  it('exits 0 where all is safe', () => {
    expect(run('scan', honestFolder()).code).toBe(0);
  });

  it('writes a report whose every line fits the schema', () => {
    const report = join(temporaryFolder(), 'report.ndjson');
    run('scan', hitFolder(), '-o', report, '--sha256');
    const lines = parseReport(readFileSync(report, 'utf8'));
    expect(lines[0]).toMatchObject({ type: 'scan', schema: 1 });
    expect(lines.at(-1)).toMatchObject({ type: 'end', files: 2, counts: { encrypted: 1, intact: 1 } });
    expect(filesOf(readFileSync(report, 'utf8')).every(({ sha256 }) => sha256 !== undefined)).toBe(true);
  });

  it('prints the report with --json, and the whole list with --all', () => {
    expect(filesOf(run('scan', hitFolder(), '--json').stdout)).toHaveLength(2);
    expect(run('scan', hitFolder(), '--all').stdout).toMatch(/intact +\S+readme\.txt/);
  });

  it('says nothing with --quiet but by its exit code', () => {
    expect(run('scan', hitFolder(), '--quiet')).toEqual({ code: 1, stdout: '', stderr: '' });
  });

  it('prints no colours where there is no terminal', () => {
    const { stdout, stderr } = run('scan', hitFolder());
    expect(stdout + stderr).not.toContain('\u001b');
  });

  it('never writes beside the evidence', () => {
    const folder = hitFolder();
    const before = statSync(folder).mtimeMs;
    run('scan', folder);
    expect(statSync(folder).mtimeMs).toBe(before);
  });

  it('takes a single file as a root', () => {
    const folder = hitFolder();
    expect(filesOf(run('scan', join(folder, 'readme.txt'), '--json').stdout)).toHaveLength(1);
  });

  it('calls a missing path wrong usage, and names it', () => {
    const { code, stderr } = run('scan', '/there/is/no/such/path');
    expect(code).toBe(2);
    expect(stderr).toContain('/there/is/no/such/path');
  });

  it('calls an unknown option and a missing argument wrong usage', () => {
    expect(run('scan', '--nonsense', '.').code).toBe(2);
    expect(run('scan').code).toBe(2);
    expect(run('scan', '--workers', 'many', '.').code).toBe(2);
    expect(run('nonsense').code).toBe(2);
    expect(run('--help').code).toBe(0);
    expect(run('--version').stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('never prints a name’s escape codes raw', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'evil\u001b[31m\u202etxt.txt'), encrypt(Buffer.from(honest)));
    for (const { stdout, stderr } of [run('scan', folder), run('scan', folder, '--json')]) {
      expect(stdout + stderr).not.toMatch(/[\u001b\u202e]/);
      expect(stdout).toContain('evil');
    }
  });

  it.runIf(existsSync('/dev/full'))('says that the disk is full, and exits 3', () => {
    const { code, stderr } = run('scan', hitFolder(), '-o', '/dev/full');
    expect(code).toBe(3);
    expect(stderr).toMatch(/cannot write to \/dev\/full.*ENOSPC/);
  });

  it('calls a report that can’t be made wrong usage', () => {
    const { code, stderr } = run('scan', hitFolder(), '-o', '/there/is/no/such/folder/report');
    expect(code).toBe(2);
    expect(stderr).toContain('/there/is/no/such/folder/report');
  });

  it('ends quietly when its reader has seen enough', () => {
    const folder = temporaryFolder();
    for (let i = 0; i < 3000; i++) writeFileSync(join(folder, `${i}.txt`), honest.slice(0, 100 + i));
    const { stdout, stderr } = runShell(`$UNSCATHED scan --json '${folder}' | head -n 1`, folder);
    expect(stdout).toMatch(/^{"type":"scan"/);
    expect(stderr).not.toMatch(/EPIPE|Error/);
  });

  it('leaves a valid report when it is interrupted, and exits 130', async () => {
    const folder = temporaryFolder();
    for (let i = 0; i < 20_000; i++) writeFileSync(join(folder, `${i}.txt`), honest);
    const child = start('scan', '--json', folder);
    let report = '';
    child.stdout!.on('data', (data: Buffer) => {
      if (report === '') child.kill('SIGINT');
      report += data.toString();
    });
    const code = await new Promise((done) => child.on('close', done));
    expect(code).toBe(130);
    expect(parseReport(report).at(-1)).toMatchObject({ type: 'end', interrupted: true });
  });

  it.runIf(process.getuid?.() !== 0)('lists what may not be read, and exits 3', () => {
    const folder = honestFolder();
    writeFileSync(join(folder, 'secret.txt'), honest);
    chmodSync(join(folder, 'secret.txt'), 0);
    const { code, stdout } = run('scan', folder);
    expect(code).toBe(3);
    expect(stdout).toMatch(/unread +\S+secret\.txt +permission denied/);
    rmSync(join(folder, 'secret.txt'));
  });
});
