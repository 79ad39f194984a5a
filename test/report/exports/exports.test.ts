import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bodyFile } from '../../../src/report/exports/body-file.ts';
import { csv } from '../../../src/report/exports/csv.ts';
import { dfxml } from '../../../src/report/exports/dfxml.ts';
import { type Export, exportLines } from '../../../src/report/exports/export.ts';
import type { FileLine, ReportLine, ScanLine } from '../../../src/report/line.ts';
import { unreadFileLine } from '../../../src/report/line.ts';
import { toNdjson } from '../../../src/report/ndjson.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { parseReport } from '../../support/schema.ts';

const hasTool = (tool: string) => spawnSync('sh', ['-c', `command -v ${tool}`]).status === 0;
for (const tool of ['mactime', 'xmllint']) {
  if (!hasTool(tool)) console.warn(`${tool} is not installed: tests of exports that need it are skipped`);
}

const opening: ScanLine = {
  type: 'scan',
  schema: 1,
  tool: 'unscathed 0.1.0',
  started: '2023-11-14T22:13:20.000Z',
  roots: [{ text: 'disk.E01' }],
  policy: { floor: 4096 },
  host: { platform: 'linux', node: 'v20' },
};

function fileOf(name: string, more: Partial<FileLine> = {}): FileLine {
  return {
    ...unreadFileLine({ path: { text: `disk.E01/p2/${name}` }, modified: new Date(1.7e12) }, 700, 'no'),
    sha256: 'ab'.repeat(32),
    origin: {
      image: { text: 'disk.E01' },
      volume: 'p2',
      fileSystem: 'ntfs',
      inode: 64,
      times: {
        modified: '2023-11-14T22:13:20.500Z',
        accessed: '2023-11-14T22:13:21.000Z',
        changed: null,
        created: '1969-12-31T23:59:59.500Z',
      },
    },
    extents: [
      { start: 0, end: 300, disk: 4096, file: 0, at: 5000 },
      { start: 300, end: 400, zero: true },
      { start: 400, end: 700, disk: 8192, packed: 120, file: 0, at: 9000 },
    ],
    ...more,
  };
}

const odd = 'a|b%41<&>"\u001b[31m\u202e,\u{1f600}\n=1.txt';

function exported(as: Export, ...files: FileLine[]): string {
  const end: ReportLine = {
    type: 'end',
    counts: { encrypted: 0, damaged: 0, suspect: 0, unread: 0, unproved: 0, protected: 0, intact: 0 },
    files: files.length,
    bytes: 0,
    skipped: 0,
    unread: 0,
    interrupted: false,
    finished: '2023-11-14T22:13:20.000Z',
  };
  const report = [opening, ...files, end].map(toNdjson).join('');
  parseReport(report);
  return exportLines(report, as);
}

describe('a body file', () => {
  it('has a row of eleven fields for each file', () => {
    expect(exported(bodyFile, fileOf('a.txt'))).toBe(
      '0|disk.E01/p2/a.txt|64|r/r---------|0|0|700|1700000001|1700000000|0|-1\n',
    );
  });

  it('keeps a name with separators in its field, and says what is deleted', () => {
    const row = exported(bodyFile, fileOf(odd, { origin: { ...fileOf('').origin!, deleted: true } }));
    expect(row.split('|')).toHaveLength(11);
    expect(row.split('|')[1]).toMatch(/^disk\.E01\/p2\/a%7Cb%2541<&>"\\u\{1b\}.*=1\.txt \(deleted\)$/);
  });

  it.runIf(hasTool('mactime'))('is read by mactime', () => {
    const path = join(temporaryFolder(), 'body');
    writeFileSync(path, exported(bodyFile, fileOf('a.txt'), fileOf(odd)));
    const timeline = execFileSync('mactime', ['-b', path, '-d', '-y', '-z', 'UTC'], { encoding: 'utf8' });
    expect(timeline).toMatch(
      /2023-11-14T22:13:20Z?,700,m\.\.\.,r\/r---------,0,0,64,"disk\.E01\/p2\/a\.txt"/,
    );
    expect(timeline).toContain('a|b%41');
  });
});

describe('a CSV file', () => {
  it('has a heading, and as many cells in each row', () => {
    const [heading, row, rest] = exported(csv, fileOf('a.txt')).split('\r\n');
    expect(heading).toMatch(/^path,path_base64,size,verdict,restore,/);
    expect(row!.split(',')).toHaveLength(heading!.split(',').length);
    expect(row).toMatch(/^disk\.E01\/p2\/a\.txt,,700,unread,no,/);
    expect(rest).toBe('');
  });

  it('lets no name become a formula, a line end or a second cell', () => {
    const line = fileOf('x', { path: { text: '=cmd|"x"!A1,\n2' } });
    expect(exported(csv, line).split('\r\n')[1]).toMatch(/^"'=cmd\|""x""!A1,\\u\{a\}2",,700,/);
  });
});

/** The order in which the schema's sequence of a fileobject has them. */
const order = [
  'filename',
  'name_type',
  'filesize',
  'unalloc',
  'alloc',
  'inode',
  'mtime',
  'ctime',
  'atime',
  'crtime',
  'byte_runs',
  'hashdigest',
];

describe('a DFXML file', () => {
  it('has the elements of a file object in the order of the schema, with its runs and its hash', () => {
    const text = exported(dfxml, fileOf('a.txt'));
    const object = /<fileobject>([\s\S]*)<\/fileobject>/.exec(text)![1]!;
    const names = [...object.matchAll(/^ {2}<(\w+)/gm)].map(([, name]) => name);
    expect(names).toEqual(order.filter((name) => names.includes(name)));
    expect(object).toContain(
      '<byte_runs><byte_run file_offset="0" img_offset="4096" len="300"/><byte_run file_offset="300" len="100" fill="0"/>' +
        '<byte_run file_offset="400" img_offset="8192" len="120" uncompressed_len="300"/></byte_runs>',
    );
    expect(object).toContain(`<hashdigest type="sha256">${'ab'.repeat(32)}</hashdigest>`);
  });

  it.runIf(hasTool('xmllint'))('is well-formed whatever the names', () => {
    const path = join(temporaryFolder(), 'report.xml');
    writeFileSync(
      path,
      exported(dfxml, fileOf(odd), fileOf('\ufffe\u0000]]>'), fileOf('a', { extents: [] })),
    );
    expect(
      execFileSync('xmllint', ['--xpath', 'count(//*[local-name()="fileobject"])', path], {
        encoding: 'utf8',
      }).trim(),
    ).toBe('3');
  });

  // The schema imports others beside it; it isn't part of this project.
  it.runIf(hasTool('xmllint') && process.env.DFXML_SCHEMA)(
    'is valid by the schema of the working group',
    () => {
      const path = join(temporaryFolder(), 'report.xml');
      writeFileSync(path, exported(dfxml, fileOf(odd), fileOf('a', { extents: [] })));
      execFileSync('xmllint', ['--noout', '--schema', process.env.DFXML_SCHEMA!, path], { stdio: 'pipe' });
    },
  );
});
