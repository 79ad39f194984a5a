import { execFileSync, spawnSync } from 'node:child_process';
import { createCipheriv } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FileLine } from '../../src/report/line.ts';
import { command, run, runShell } from '../support/cli.ts';
import { fixturesRoot } from '../support/fixtures.ts';
import { temporaryFolder } from '../support/folder.ts';
import { honestText } from '../support/honest.ts';
import { randomBytes } from '../support/random.ts';
import { parseReport } from '../support/schema.ts';

const honest = honestText(250);
const encrypt = (bytes: Uint8Array) =>
  createCipheriv('aes-256-ctr', randomBytes(32), randomBytes(16)).update(bytes);
const hasTar = spawnSync('tar', ['--version']).status === 0;

function feed(input: Uint8Array, ...parameters: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...parameters], { input });
  return { code: status, stdout: stdout.toString(), stderr: stderr.toString() };
}

describe('a file from standard input', () => {
  it('is examined under the name that it is given', () => {
    expect(feed(Buffer.from(honest), 'examine', '-', '--name', 'a.txt')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^intact +a\.txt/),
    });
    expect(feed(encrypt(Buffer.from(honest)), 'examine', '-', '--name', 'a.docx')).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^encrypted +a\.docx/),
    });
    expect(feed(encrypt(Buffer.from(honest)), 'examine', '-').stdout).toMatch(/^suspect +standard input/);
  });

  it('is explained, or gives its report line', () => {
    expect(feed(Buffer.from(honest), 'explain', '-', '--name', 'x/a.txt').stdout).toContain(
      'x/a.txt: intact',
    );
    const line = JSON.parse(
      feed(Buffer.from(honest), 'explain', '-', '--json', '--name', 'a.txt').stdout,
    ) as FileLine;
    expect(line).toMatchObject({
      type: 'file',
      path: { text: 'a.txt' },
      modified: null,
      size: honest.length,
    });
  });

  it('that is empty is no answer: what was before it in the pipe may have failed', () => {
    const { code, stderr } = feed(Buffer.alloc(0), 'examine', '-', '--name', 'a.docx');
    expect(code).toBe(3);
    expect(stderr).toContain('standard input was empty');
  });

  it('may be longer than what is kept in memory, and leaves nothing behind', () => {
    const folder = temporaryFolder();
    const { code, stdout } = runShell(
      `head -c 80000000 /dev/zero | TMPDIR=${folder} $UNSCATHED examine - --name a.bin; ls -A ${folder}`,
      folder,
    );
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^\w+ +a\.bin .*\n$/) });
  });
});

describe('unscathed examine', () => {
  it('tells the verdict on a file in one line', () => {
    const { code, stdout } = run('examine', join(fixturesRoot, 'tar/intact/gnu.tar'));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\w+ +\S+gnu\.tar .*\n$/);
    expect(run('examine', '/there/is/no/such/file').code).toBe(2);
  });
});

describe.skipIf(!hasTar)('a tar archive', () => {
  function hitArchive(): string {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'data/finance'), { recursive: true });
    writeFileSync(join(folder, 'data/readme.txt'), honest);
    writeFileSync(join(folder, 'data/big.txt'), honest.repeat(1200));
    writeFileSync(join(folder, 'data/finance/report.txt'), encrypt(Buffer.from(honest)));
    execFileSync('tar', ['-C', folder, '-cf', join(folder, 'a.tar'), 'data']);
    return join(folder, 'a.tar');
  }

  it('is scanned while it comes by, as a file or by standard input', () => {
    const archive = hitArchive();
    for (const { code, stdout } of [
      run('scan', '--tar', archive, '--json', '--sha256'),
      feed(readFileSync(archive), 'scan', '--tar', '-', '--json', '--sha256'),
    ]) {
      expect(code).toBe(1);
      const files = parseReport(stdout).filter((line): line is FileLine => line.type === 'file');
      expect(Object.fromEntries(files.map(({ path, verdict }) => [path.text, verdict]))).toEqual({
        'data/readme.txt': 'intact',
        'data/big.txt': 'intact',
        'data/finance/report.txt': 'encrypted',
      });
      expect(files.every(({ sha256 }) => sha256 !== undefined)).toBe(true);
    }
  });

  it('goes through the gate, and gives the list of what may go back', () => {
    const archive = hitArchive();
    const { code, stdout, stderr } = feed(readFileSync(archive), 'gate', '--tar', '-', '--print0');
    expect(code).toBe(1);
    expect(stderr).toContain('hold: 1 file is encrypted: data/finance/report.txt');
    expect(stdout.split('\0').sort()).toEqual(['', 'data/big.txt', 'data/readme.txt']);
  });

  it('is chosen from by globs', () => {
    expect(run('gate', '--tar', hitArchive(), '--exclude', '**/finance/**').code).toBe(0);
  });

  it('that was cut is incomplete; what is none is wrong usage', () => {
    const archive = readFileSync(hitArchive());
    const start = archive.subarray(0, archive.indexOf('data/finance/report.txt') + 700);
    expect(feed(start, 'gate', '--tar', '-', '--exclude', '**/report.txt').code).toBe(3);
    expect(feed(Buffer.alloc(0), 'gate', '--tar', '-').code).toBe(3);
    const { code, stderr } = feed(randomBytes(5000), 'scan', '--tar', '-');
    expect(code).toBe(2);
    expect(stderr).toContain('- is no tar archive');
    expect(run('scan', '--tar', '/no/such/file').code).toBe(2);
    expect(run('scan').stderr).toContain('give paths, or --tar');
    expect(run('scan', '--tar', 'a', 'b').code).toBe(2);
    expect(run('scan', '--tar', 'a', '--since', '1d').code).toBe(2);
  });
});

describe('--since', () => {
  it('leaves out what did not change, and says so', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'a.txt'), honest);
    expect(run('scan', folder, '--since', '1h', '--all').stdout).toMatch(/^intact/);
    const later = new Date(Date.now() + 60_000).toISOString();
    expect(run('scan', folder, '--since', later, '--all').stdout).toMatch(/^skipped .*not changed since/);
    expect(run('scan', folder, '--since', 'yesterday').code).toBe(2);
  });
});
