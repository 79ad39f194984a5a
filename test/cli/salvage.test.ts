import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { run } from '../support/cli.ts';
import { temporaryFolder } from '../support/folder.ts';
import { randomFill } from '../support/random.ts';
import { zipOf } from '../support/zip-builder.ts';

vi.setConfig({ testTimeout: 120_000 });

/** An archive of twenty letters, of which the first few and the directory are encrypted. */
function makeHit(): { folder: string; file: string } {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'evidence'));
  const letter = (i: number) =>
    Buffer.from(
      Array.from({ length: 40 }, (_, line) => `Letter ${i}, line ${line * line * 31 + i}.\n`).join(''),
    );
  const zip = zipOf(
    Array.from({ length: 20 }, (_, i) => ({ name: `letter-${i}.txt`, content: letter(i), method: 0 })),
  );
  randomFill(zip, 0, 3000);
  randomFill(zip, zip.length - 900, 900);
  const file = join(folder, 'evidence', 'letters.zip');
  writeFileSync(file, zip);
  return { folder, file };
}

describe('unscathed salvage', () => {
  it('writes what is proved, with a manifest, and says how much', () => {
    const { folder, file } = makeHit();
    const before = readFileSync(file);
    const { code, stderr } = run('salvage', file, '--to', join(folder, 'out'));
    expect(stderr).toMatch(/^1[0-9] items, .* proved and copied to /);
    expect(code).toBe(0);
    const written = readdirSync(join(folder, 'out', 'files'));
    expect(written.length).toBeGreaterThan(10);
    expect(readFileSync(join(folder, 'out', 'files', 'letter-12.txt'), 'utf8')).toContain(
      'Letter 12, line 12.',
    );
    expect(readFileSync(join(folder, 'out', 'manifest.ndjson'), 'utf8').split('\n')).toHaveLength(
      written.length + 3,
    );
    expect(readFileSync(file)).toEqual(before);
  });

  it('writes nothing beside the evidence, and nothing over what is there', () => {
    const { folder, file } = makeHit();
    expect(run('salvage', file, '--to', join(folder, 'evidence', 'out'))).toMatchObject({ code: 2 });
    writeFileSync(join(folder, 'note'), '');
    expect(run('salvage', file, '--to', folder)).toMatchObject({ code: 2 });
    expect(readdirSync(join(folder, 'evidence'))).toEqual(['letters.zip']);
  });
});

describe('unscathed explain --salvageable', () => {
  it('tells untouched ranges and pieces, for people and as a second line of JSON', () => {
    const { file } = makeHit();
    const words = run('explain', '--salvageable', file);
    expect(words.stdout).toMatch(/1[0-9] pieces are provably intact/);
    expect(words.stdout).toContain('letter-12.txt');
    const [line, left] = run('explain', '--salvageable', '--json', file)
      .stdout.trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text));
    expect(line.type).toBe('file');
    expect(left.type).toBe('salvageable');
    expect(left.items.length).toBeGreaterThan(10);
    expect(left.items[0]).toMatchObject({ kind: 'member', proof: 'CRC-32 of the content', floor: 1 });
  });
});
