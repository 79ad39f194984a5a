import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { buildDisk, buildFat } from '../support/fat-image.ts';
import { temporaryFolder } from '../support/folder.ts';
import { honestText } from '../support/honest.ts';
import { randomBytes } from '../support/random.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const npm = (folder: string, ...parameters: string[]) =>
  execFileSync('npm', parameters, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

describe('the package', () => {
  it('works as a command and as an import, once it is packed and installed into an empty project', {
    timeout: 300_000,
  }, () => {
    const folder = temporaryFolder();
    const [packed] = JSON.parse(
      npm(root, 'pack', '--json', '--ignore-scripts', '--pack-destination', folder),
    );
    expect(packed.files.map(({ path }: { path: string }) => path)).toEqual(
      expect.arrayContaining([
        'LICENSE',
        'README.md',
        'dist/cli.js',
        'dist/index.js',
        'dist/index.d.ts',
        'dist/images.js',
        'dist/images.d.ts',
        'dist/worker.js',
      ]),
    );
    const project = join(folder, 'project');
    mkdirSync(project);
    writeFileSync(join(project, 'package.json'), '{"name":"empty","version":"1.0.0","type":"module"}');
    npm(project, 'install', '--prefer-offline', '--no-audit', '--no-fund', join(folder, packed.filename));
    writeFileSync(join(project, 'a.txt'), honestText(30));
    expect(npm(project, 'exec', '--', 'unscathed', 'scan', '--json', 'a.txt')).toContain(
      '"verdict":"intact"',
    );
    const use =
      "import { scan } from 'unscathed'; for await (const line of scan(['a.txt'])) console.log(line.type);";
    expect(
      execFileSync(process.execPath, ['--input-type=module', '-e', use], { cwd: project, encoding: 'utf8' }),
    ).toBe('scan\nfile\nend\n');
  });

  it('names no registry in its lock file', () => {
    expect(readFileSync(join(root, 'package-lock.json'), 'utf8')).not.toMatch(/"resolved": "http/);
  });
});

describe('examples', () => {
  const examples = readdirSync(join(root, 'examples')).filter((name) => name.endsWith('.mjs'));
  const expected: Readonly<Record<string, RegExp>> = {
    'add-a-format.mjs': /^ACME record intact$/m,
    'list-an-image.mjs': /^p1: FAT12 file system$\n^ {2}docs\/a\.txt, 1200 bytes, from byte \d+$/m,
    'examine-an-upload.mjs': /^intact - [\s\S]*^encrypted - /m,
    'gate-a-backup.mjs': /^pass: 1 file may go back$/m,
    'restore-from-snapshots.mjs': /^first hit: 2026-03-02[\s\S]*^1 files are restored$/m,
    'scan-a-share.mjs': /^\d+ files are safe to restore$/m,
  };

  const parameters: Readonly<Record<string, (folder: string) => string[]>> = {
    'restore-from-snapshots.mjs': (folder) =>
      ['restored', '2026-03-01', '2026-03-02'].map((name) => join(folder, name)),
  };

  it('are all run here', () => {
    expect(examples.sort()).toEqual(Object.keys(expected).sort());
  });

  for (const name of examples) {
    it(`${name} does what it says`, () => {
      const folder = temporaryFolder();
      mkdirSync(join(folder, 'node_modules'));
      symlinkSync(root, join(folder, 'node_modules', 'unscathed'), 'dir');
      writeFileSync(join(folder, name), readFileSync(join(root, 'examples', name)));
      mkdirSync(join(folder, 'fixtures'));
      writeFileSync(join(folder, 'fixtures', 'a.txt'), honestText(30));
      const snapshots = ['2026-03-01', '2026-03-02'].map((day) => join(folder, day));
      for (const snapshot of snapshots) mkdirSync(snapshot);
      writeFileSync(join(snapshots[0]!, 'a.txt'), honestText(300));
      writeFileSync(join(snapshots[1]!, 'a.txt'), randomBytes(9000));
      writeFileSync(
        join(folder, 'disk.img'),
        buildDisk(buildFat({ 'docs/a.txt': Buffer.alloc(1200, 'text ') })),
      );
      const output = execFileSync(process.execPath, [name, ...(parameters[name]?.(folder) ?? [])], {
        cwd: folder,
        encoding: 'utf8',
      });
      expect(output).toMatch(expected[name]!);
    });
  }
});
