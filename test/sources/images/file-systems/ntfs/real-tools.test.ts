import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { contentsOf, entriesOf } from '../../../../support/ntfs.ts';
import { randomBytes } from '../../../../support/random.ts';

const path = `${process.env.PATH ?? ''}:/usr/sbin:/sbin`;
const tools = ['mkntfs', 'ntfscp'];
const missing = tools.filter((tool) => !path.split(':').some((folder) => existsSync(join(folder, tool))));
if (missing.length > 0)
  console.warn(`${missing.join(', ')} not found: volumes made by real tools are skipped`);

const folder = mkdtempSync(join(tmpdir(), 'unscathed-ntfs-'));
afterAll(() => rmSync(folder, { recursive: true }));

function run(command: string, ...args: string[]): void {
  const { status, stderr } = spawnSync(command, args, { env: { ...process.env, PATH: path } });
  expect(status, `${command}: ${stderr}`).toBe(0);
}

const sizes = [0, 1, 509, 700, 4096, 65_537, 300_000];

describe.skipIf(missing.length > 0)('a volume that mkntfs and ntfscp made', () => {
  it.each([
    ['clusters of 512 bytes', ['-c', '512']],
    ['clusters of 4 KiB', ['-c', '4096']],
    ['clusters of 64 KiB', ['-c', '65536']],
    ['sectors of 4 KiB', ['-s', '4096']],
    ['sectors of 1 KiB', ['-s', '1024']],
  ])(
    'is read, with %s',
    (_, options) => {
      const image = join(folder, 'image');
      writeFileSync(image, '');
      truncateSync(image, 16 << 20);
      run('mkntfs', '-F', '-Q', '-q', '-p', '0', '-H', '16', '-S', '63', ...options, image);
      const written = sizes.map((size) => {
        const bytes = randomBytes(size);
        writeFileSync(join(folder, 'file'), bytes);
        run('ntfscp', '-f', image, join(folder, 'file'), `file ${size}`);
        return bytes;
      });
      const entries = entriesOf(readFileSync(image));
      for (const bytes of written) {
        expect(contentsOf(entries.get(`file ${bytes.length}`)!).equals(bytes), String(bytes.length)).toBe(
          true,
        );
      }
    },
    60_000,
  );
});
