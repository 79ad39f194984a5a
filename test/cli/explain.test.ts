import { createCipheriv } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '../support/cli.ts';
import { temporaryFolder } from '../support/folder.ts';
import { honestText } from '../support/honest.ts';
import { randomBytes } from '../support/random.ts';
import { parseReport } from '../support/schema.ts';

const honest = honestText(300);

function fileOf(name: string, bytes: Uint8Array | string): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, bytes);
  return path;
}

function withHitMiddle(): Buffer {
  const bytes = Buffer.from(honest);
  const cipher = createCipheriv('aes-256-ctr', randomBytes(32), randomBytes(16));
  bytes.set(cipher.update(bytes.subarray(4096, 8192)), 4096);
  return bytes;
}

describe('unscathed explain', () => {
  it('tells the reasons, the proof, and draws a map', () => {
    const { code, stdout } = run('explain', fileOf('a.log', honest));
    expect(code).toBe(0);
    expect(stdout).toContain('intact, restore: yes');
    expect(stdout).toContain('I601');
    expect(stdout).toMatch(/grammar 100 %/);
    expect(stdout).toMatch(/^ {2}g{64}$/m);
  });

  it('shows where a hit file was hit', () => {
    const { code, stdout } = run('explain', fileOf('a.log', withHitMiddle()));
    expect(code).toBe(1);
    expect(stdout).toContain('encrypted, restore: no');
    expect(stdout).toMatch(/▓/);
    expect(stdout).toMatch(/byte 40\d\d/);
  });

  it('gives the report’s line with --json', () => {
    const { stdout } = run('explain', '--json', fileOf('a.log', honest));
    expect(parseReport(stdout)[0]).toMatchObject({
      type: 'file',
      verdict: 'intact',
      format: expect.any(String),
    });
  });

  it('calls a missing file, and a folder, wrong usage', () => {
    for (const path of ['/there/is/no/such/file', temporaryFolder()]) {
      const { code, stderr } = run('explain', path);
      expect(code).toBe(2);
      expect(stderr).toContain(path);
    }
  });

  it('explains an empty file', () => {
    expect(run('explain', fileOf('empty.txt', '')).stdout).toContain('intact');
  });
});

describe('unscathed formats', () => {
  it('lists what is known, and how it is proved', () => {
    const { code, stdout } = run('formats');
    expect(code).toBe(0);
    expect(stdout).toMatch(/png +Portable Network Graphics/);
    const all = JSON.parse(run('formats', '--json').stdout) as { id: string; proof: string | null }[];
    expect(all.length).toBeGreaterThan(200);
    expect(all.find(({ id }) => id === 'png')!.proof).toMatch(/CRC-32/);
  });
});
