import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run, runShell } from '../support/cli.ts';
import { buildDisk, buildFat } from '../support/fat-image.ts';
import { temporaryFolder } from '../support/folder.ts';
import { expected, fixture } from '../support/ntfs.ts';
import { randomBytes } from '../support/random.ts';

const honest = Buffer.from(Array.from({ length: 60 }, (_, i) => `Line ${i} of an honest report.\n`).join(''));
const hasTool = (tool: string) => spawnSync('sh', ['-c', `command -v ${tool}`]).status === 0;

function writeDisk(): string {
  const path = join(temporaryFolder(), 'disk.img');
  const files = {
    'docs/report.txt': honest,
    'docs/deep/b.txt': honest,
    '..\u2215..\u2215evil\u001b[31m.txt': honest,
    'hit.docx': randomBytes(9000),
  };
  writeFileSync(path, buildDisk(buildFat(files)));
  return path;
}

describe('unscathed ls', () => {
  it('lists a folder, all below it, and one file', () => {
    const disk = writeDisk();
    const paths = (...parameters: string[]) =>
      run('ls', disk, ...parameters)
        .stdout.trimEnd()
        .split('\n')
        .map((row) => row.split(/ {2,}/).at(-1));
    expect(paths()).toEqual(['p1/..\\x2f..\\x2fevil\\x1b[31m.txt', 'p1/hit.docx', 'p1/docs']);
    expect(paths('p1/docs')).toEqual(['p1/docs/report.txt', 'p1/docs/deep']);
    expect(paths('-r', '/p1/docs/')).toContain('p1/docs/deep/b.txt');
    expect(paths('p1/hit.docx')).toEqual(['p1/hit.docx']);
  });

  it('prints JSON, and names ended by NUL', () => {
    const disk = writeDisk();
    const [first] = run('ls', disk, 'p1/docs', '--json').stdout.split('\n');
    expect(JSON.parse(first!)).toMatchObject({
      path: { text: 'p1/docs/report.txt' },
      size: honest.length,
      kind: 'file',
    });
    expect(run('ls', disk, 'p1/docs', '-0').stdout).toBe('p1/docs/report.txt\0p1/docs/deep\0');
  });

  it('exits 2 where there is nothing of that name, or no such image', () => {
    expect(run('ls', writeDisk(), 'p1/nothing').code).toBe(2);
    expect(run('ls', '/nowhere.img').code).toBe(2);
  });
});

describe('unscathed cat', () => {
  it('prints the bytes of a file, by its name or by the name that is shown', () => {
    const disk = writeDisk();
    expect(run('cat', disk, 'p1/docs/report.txt').stdout).toBe(honest.toString());
    expect(run('cat', disk, 'p1/..\\x2f..\\x2fevil\\x1b[31m.txt').stdout).toBe(honest.toString());
    expect(run('cat', disk, 'p1/docs').code).toBe(2);
  });

  it('gives what the Sleuth Kit gives, for each file of an NTFS volume', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'n.img'), fixture());
    for (const { path, sha256 } of expected()
      .filter(({ path }) => /^[\w./ ]+$/.test(path))
      .slice(0, 6)) {
      const { stdout } = runShell(`$UNSCATHED cat n.img '${path}' | sha256sum`, folder);
      expect(stdout.slice(0, 64), path).toBe(sha256);
    }
  });
});

describe('unscathed info', () => {
  it('tells container, volumes and file systems', () => {
    const { code, stdout } = run('info', writeDisk());
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /Raw disk image[\s\S]*partition table: mbr[\s\S]*p1: 0x01 FAT12[\s\S]*FAT12 file system/,
    );
    expect(JSON.parse(run('info', writeDisk(), '--json').stdout).volumes[0].fileSystem.id).toBe('fat12');
  });

  it('says that there is no hash to verify', () => {
    expect(run('info', '--verify', writeDisk())).toMatchObject({
      code: 3,
      stdout: expect.stringContaining('no hash'),
    });
  });

  it.runIf(hasTool('ewfacquire'))('verifies the hashes of an E01, and sees one changed byte', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'd.img'), buildFat({ 'a.txt': honest }));
    const acquire =
      'ewfacquire -u -q -c none -d sha1 -t d -C c -D d -e e -E 1 -N n -m fixed -M physical -f encase6 d.img';
    execFileSync('sh', ['-c', acquire], { cwd: folder, stdio: 'ignore' });
    const path = join(folder, 'd.E01');
    expect(run('info', '--verify', path)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('and right'),
    });
    expect(run('scan', path, '--all').stdout).toContain('d.E01/a.txt');
    const changed = readFileSync(path);
    const at = changed.indexOf(honest) + 20;
    changed[at] = changed[at]! ^ 1;
    writeFileSync(path, changed);
    expect(run('info', '--verify', path).code).not.toBe(0);
  });
});

describe('unscathed scan', () => {
  it('writes DFXML, a body file and CSV of an image', () => {
    const folder = temporaryFolder();
    const disk = writeDisk();
    const [dfxml, body, csv] = ['o.xml', 'o.body', 'o.csv'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    expect(run('scan', disk, '--dfxml', dfxml, '--body', body, '--csv', csv, '--sha256').code).toBe(1);
    const xml = readFileSync(dfxml, 'utf8');
    expect(xml.match(/<fileobject>/g)).toHaveLength(4);
    expect(xml.trimEnd().endsWith('</dfxml>')).toBe(true);
    expect(readFileSync(body, 'utf8').trimEnd().split('\n')).toHaveLength(4);
    expect(readFileSync(csv, 'utf8').trimEnd().split('\r\n')).toHaveLength(5);
    const [, offset] = /<filename>[^<]*report\.txt<[\s\S]*?img_offset="(\d+)"/.exec(xml)!;
    expect(readFileSync(disk).subarray(Number(offset), Number(offset) + honest.length)).toEqual(honest);
    if (hasTool('mactime'))
      expect(execFileSync('mactime', ['-b', body, '-d'], { encoding: 'utf8' })).toContain(
        'p1/docs/report.txt',
      );
  });
});

function hitDisk(): string {
  const disk = Buffer.concat([Buffer.alloc(1 << 20), fixture(), Buffer.alloc(4 << 20)]);
  for (let at = 0; at < disk.length; at += 1 << 20) randomBytes(64 << 10).copy(disk, at);
  const path = join(temporaryFolder(), 'disk-flat.vmdk');
  writeFileSync(path, disk);
  return path;
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(folder, name)).isFile(),
  );
}

describe('unscathed salvage', () => {
  it('copies what was not touched, every byte right, with a manifest', () => {
    const to = join(temporaryFolder(), 'out');
    const { code, stderr } = run('salvage', hitDisk(), '--to', to);
    expect(code).toBe(3);
    expect(stderr).toMatch(/copied to/);
    const right = new Set(expected().map(({ sha256 }) => sha256));
    const copies = filesBelow(join(to, 'files'));
    expect(copies.length).toBeGreaterThan(40);
    for (const name of copies) {
      const sha256 = createHash('sha256')
        .update(readFileSync(join(to, 'files', name)))
        .digest('hex');
      expect(right.has(sha256), name).toBe(true);
    }
    const manifest = readFileSync(join(to, 'manifest.ndjson'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(
      manifest
        .filter(({ type, saved }) => type === 'file' && saved !== null)
        .map(({ saved }) => saved.path.slice(6))
        .sort(),
    ).toEqual(copies.sort());
    expect(manifest.at(-1)).toMatchObject({ type: 'end', saved: copies.length });
  });

  it('takes ranges that are given', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'n.img'), fixture());
    writeFileSync(join(folder, 'ranges.txt'), '# the head\n0 0x1000\n');
    const to = join(temporaryFolder(), 'out');
    run('salvage', join(folder, 'n.img'), '--damage', join(folder, 'ranges.txt'), '--to', to);
    expect(filesBelow(join(to, 'files')).length).toBeGreaterThan(50);
    expect(run('salvage', join(folder, 'n.img'), '--to', to).code).toBe(2);
  });

  it('never writes outside of the folder, nor beside the image, whatever the names', () => {
    const disk = writeDisk();
    const place = temporaryFolder();
    expect(run('salvage', disk, '--whole', '--to', join(disk, '../out')).code).toBe(2);
    run('salvage', disk, '--whole', '--to', join(place, 'a/out'));
    expect(readdirSync(place)).toEqual(['a']);
    expect(filesBelow(join(place, 'a/out/files')).sort()).toEqual([
      'p1/..%2F..%2Fevil%1B[31m.txt',
      'p1/docs/deep/b.txt',
      'p1/docs/report.txt',
      'p1/hit.docx',
    ]);
  });
});
