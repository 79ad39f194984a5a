import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Baseline, knownGoodOf } from '../../src/baseline/baseline.ts';
import { BaselineError } from '../../src/baseline/baseline-error.ts';
import { DigestList, lookUp } from '../../src/baseline/digest-table.ts';
import { readBaseline } from '../../src/baseline/read-baseline.ts';
import type { FileLine } from '../../src/report/line.ts';
import { fromText } from '../../src/sources/folders/path.ts';
import { temporaryFolder } from '../support/folder.ts';
import { endLine, lineOn } from '../support/gated.ts';
import { randomBytes } from '../support/random.ts';

const hashed = (algorithm: string, text: string) => createHash(algorithm).update(text).digest();
const hex = (algorithm: string, text: string) => hashed(algorithm, text).toString('hex');

async function read(text: string): Promise<Baseline> {
  const file = join(temporaryFolder(), 'list');
  writeFileSync(file, text);
  return readBaseline(file);
}

const say = (baseline: Baseline, content: string, path = 'nowhere') =>
  knownGoodOf(baseline, fromText(path), { sha256: hashed('sha256', content), sha1: hashed('sha1', content) });

const report = (...lines: Partial<FileLine>[]) =>
  [
    { type: 'scan', roots: [{ text: '/srv/' }] },
    ...lines.map((line, i) => lineOn(line.path?.text ?? `/srv/${i}`, line)),
    endLine,
  ]
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('');

const dfxml = (body: string) => `<?xml version='1.0'?>\n<dfxml version='1.0'>\n${body}\n</dfxml>\n`;

describe('a known-good state', () => {
  it.each([
    ['lines of sha256sum', `${hex('sha256', 'a')}  a.txt\n${hex('sha256', 'b')} *b\n`, 'SHA-256'],
    ['lines of sha256sum --tag', `SHA256 (a (1).txt) = ${hex('sha256', 'a')}\n`, 'SHA-256'],
    ['a name with escapes, as sha256sum writes it', `\\${hex('sha256', 'a')}  two\\nlines\r\n`, 'SHA-256'],
    [
      'lines of sha1sum',
      `# known\n${hex('sha1', 'a').toUpperCase()}  a.txt\n`.replace('# known\n', ''),
      'SHA-1',
    ],
    [
      'CSV of the NSRL',
      `"SHA-1","MD5","CRC32","FileName","FileSize","ProductCode","OpSystemCode","SpecialCode"\n"${hex('sha1', 'a')}","x","y","a ""b"", c.txt",1,2,"3",""\n`,
      'SHA-1',
    ],
    ['CSV with a column of SHA-256', `sha1,name,sha256\n,"a, b",${hex('sha256', 'a')}\n`, 'SHA-256'],
    [
      'DFXML, on one line or on several',
      dfxml(
        `<fileobject><hashdigest type='MD5'>00</hashdigest><hashdigest\n type="sha256">${hex('sha256', 'a')}</hashdigest></fileobject>`,
      ),
      'SHA-256',
    ],
    ['a report', report({ sha256: hex('sha256', 'a') }), 'SHA-256'],
  ])('may be %s', async (_, text, by) => {
    const baseline = await read(text);
    expect(say(baseline, 'a')).toEqual({ kind: 'same', by });
    expect(say(baseline, 'other')).toBeUndefined();
  });

  it('has no hash of what a report calls encrypted, damaged, suspect or unread, or of what changed', async () => {
    const bad = (['encrypted', 'damaged', 'suspect', 'unread'] as const).map((verdict) => ({
      verdict,
      sha256: hex('sha256', verdict),
    }));
    const changed = { sha256: hex('sha256', 'changed'), changed: true } as const;
    const baseline = await read(report({ sha256: hex('sha256', 'good') }, ...bad, changed));
    expect(say(baseline, 'good')).toMatchObject({ kind: 'same' });
    for (const content of ['encrypted', 'damaged', 'suspect', 'unread', 'changed'])
      expect(say(baseline, content)).toBeUndefined();
  });

  it('knows what stood under a path, relative to its root', async () => {
    const sha256 = hex('sha256', 'a');
    const baseline = await read(
      report(
        { path: { text: '/srv/f/a.docx' }, format: 'docx', sha256 },
        { path: { text: '/srv/b' }, format: null, verdict: 'unproved', sha256 },
      ),
    );
    expect(say(baseline, 'other', 'f/a.docx')).toEqual({ kind: 'other', format: 'docx', verdict: 'intact' });
    expect(say(baseline, 'other', 'b')).toEqual({ kind: 'other', format: null, verdict: 'unproved' });
    expect(say(baseline, 'other', 'a.docx')).toBeUndefined();
  });

  it('says nothing of a path that stands in it for different files', async () => {
    const sha256 = hex('sha256', 'a');
    const baseline = await read(
      report(
        { path: { text: '/srv/a' }, format: 'png', sha256 },
        { path: { text: '/srv/a' }, format: 'text', sha256 },
      ),
    );
    expect(say(baseline, 'other', 'a')).toBeUndefined();
  });

  it('has no hashes of parts of files', async () => {
    const run = `<byte_run len='1'><hashdigest type='sha256'>${hex('sha256', 'part')}</hashdigest></byte_run><byte_run len='2'/>`;
    const baseline = await read(
      dfxml(`<byte_runs>${run}</byte_runs><hashdigest type='sha256'>${hex('sha256', 'a')}</hashdigest>`),
    );
    expect(say(baseline, 'part')).toBeUndefined();
    expect(say(baseline, 'a')).toMatchObject({ kind: 'same' });
  });
});

describe('a list that is none', () => {
  it.each([
    ['', 'it is empty'],
    ['hello\n', 'line 1: neither a report'],
    [`${hex('sha256', 'a')}  a\nhello\n`, 'line 2: no hash'],
    [`${hex('md5', 'a')}  a\n`, 'MD5 proves nothing'],
    ['"MD5","FileName"\n"x","y"\n', 'MD5 proves nothing'],
    [`sha256,name\n12,a\n`, 'line 2: column 1 is no sha256'],
    [dfxml(`<hashdigest type='md5'>${hex('md5', 'a')}</hashdigest>`), 'MD5 proves nothing'],
    [dfxml(`<hashdigest type='sha256'>12</hashdigest>`), 'a sha256 of 2 digits'],
    ["<?xml version='1.0'?>\n<dfxml>\n", 'it was cut'],
    [
      report({ sha256: hex('sha256', 'a') })
        .split('\n')
        .slice(0, 2)
        .join('\n'),
      'it was cut',
    ],
    [`${report({ sha256: hex('sha256', 'a') }).slice(0, -20)}\n`, 'no line of a report'],
    [report({}), 'make it with --sha256'],
    [report({ verdict: 'encrypted', sha256: hex('sha256', 'a') }), 'no SHA-256 or SHA-1 of a sound file'],
  ])('%j is refused, and the message says why', async (text, why) => {
    const reading = read(text);
    await expect(reading).rejects.toBeInstanceOf(BaselineError);
    await expect(reading).rejects.toThrow(why);
  });

  it('is refused with a reason, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 300 }), async (text) => {
        await read(text).catch((error) => expect(error).toBeInstanceOf(BaselineError));
      }),
      { numRuns: 50 },
    );
  });

  it('that is missing fails as the system says', async () => {
    await expect(readBaseline('/there/is/no/such/list')).rejects.toThrow('ENOENT');
  });
});

describe('a table of digests', () => {
  it('finds each digest with its number, and no other', () => {
    const list = new DigestList();
    const digests = Array.from({ length: 70_000 }, () => randomBytes(32));
    for (const [i, digest] of digests.entries()) list.add(digest, i + 1);
    const table = list.toTable((a) => a);
    expect(digests.every((digest, i) => lookUp(table, digest) === i + 1)).toBe(true);
    for (let i = 0; i < 1000; i++) expect(lookUp(table, randomBytes(32))).toBe(0);
    expect(table.keys.byteLength + table.values.byteLength).toBeLessThan(29 * digests.length);
  });

  it('finds digests that begin alike', () => {
    const list = new DigestList();
    const digests = Array.from({ length: 40 }, (_, i) =>
      Buffer.concat([Buffer.alloc(4, 255), Buffer.of(i), Buffer.alloc(27)]),
    );
    for (const [i, digest] of digests.entries()) list.add(digest, i + 1);
    const table = list.toTable((a) => a);
    expect(digests.map((digest) => lookUp(table, digest))).toEqual(digests.map((_, i) => i + 1));
    expect(lookUp(table, Buffer.alloc(32, 255))).toBe(0);
  });
});
