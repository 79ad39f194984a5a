import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import type { FileLine, ReportLine } from '../../src/report/line.ts';
import { toNdjson } from '../../src/report/ndjson.ts';
import { FolderSet } from '../../src/scan/correlation/folder-set.ts';
import { Sample } from '../../src/scan/correlation/sample.ts';
import { Spool } from '../../src/scan/correlation/spool.ts';
import { scan } from '../../src/scan/scan.ts';
import type { Progress } from '../../src/scan/tally.ts';
import { temporaryFolder } from '../support/folder.ts';
import { random, randomBytes } from '../support/random.ts';
import { parseReport } from '../support/schema.ts';

const isBuilt = existsSync(fileURLToPath(new URL('../../dist/worker.js', import.meta.url)));
if (!isBuilt) console.warn('the worker is not built (npm run build): tests of scans are skipped');

vi.setConfig({ testTimeout: 120_000 });

const magic = Buffer.from('c3a91d7e52b80466', 'hex');
const types = ['docx', 'pdf', 'jpg', 'png', 'gif', 'sqlite'];
const ciphertext = () => Buffer.concat([randomBytes(9000), magic, randomBytes(504)]);
const prose = Array.from(
  { length: 60 },
  (_, i) => `On day ${i * 37} the fox met ${i ** 3} dogs, and nobody minded.
`,
).join('');

/** Files of known types, random throughout with one mark at their tails, and files that only the mark can tell. */
function makeIncident(): string {
  const folder = temporaryFolder();
  for (const name of ['a', 'b']) mkdirSync(join(folder, name));
  for (const [i, type] of [...types, ...types].entries())
    writeFileSync(join(folder, i % 2 === 0 ? 'a' : 'b', `file-${i}.${type}`), ciphertext());
  writeFileSync(join(folder, 'a', 'no-extension'), ciphertext());
  writeFileSync(join(folder, 'b', 'honest-key'), randomBytes(9000));
  writeFileSync(join(folder, 'b', 'prose.txt'), prose);
  return folder;
}

async function collect(root: string, workers: number, onProgress?: (progress: Progress) => void) {
  const lines: ReportLine[] = [];
  for await (const line of scan([root], { workers, ...(onProgress === undefined ? {} : { onProgress }) }))
    lines.push(line);
  return lines;
}

const fileOf = (lines: readonly ReportLine[], name: string): FileLine =>
  lines.filter((line) => line.type === 'file').find(({ path }) => path.text.endsWith(`/${name}`))!;

describe.skipIf(!isBuilt)('a scan of a tree that was hit', () => {
  it('raises the one file that nothing else tells, leaves the honest key alone, and says what the mark is', async () => {
    let progress: Progress | null = null;
    const lines = await collect(makeIncident(), 2, (now) => {
      progress = now;
    });
    const raised = fileOf(lines, 'no-extension');
    expect(raised).toMatchObject({ verdict: 'encrypted', restore: 'no', scheme: { kind: 'full' } });
    expect(raised.reasons.map(({ code }) => code)).toEqual(['E121', 'S301', 'U406']);
    expect(raised.ranges.some(({ state }) => state === 'encrypted')).toBe(true);
    expect(fileOf(lines, 'honest-key').verdict).toBe('suspect');
    expect(fileOf(lines, 'prose.txt').verdict).toBe('intact');
    const incident = lines.at(-2);
    expect(incident).toMatchObject({
      type: 'incident',
      marks: [
        { kind: 'tail-bytes', files: 13, compared: 14, bytes: [{ at: 512, hex: magic.toString('hex') }] },
      ],
      raised: { encrypted: 1, suspect: 0 },
    });
    expect(lines.at(-1)).toMatchObject({
      type: 'end',
      files: 15,
      counts: { encrypted: 13, suspect: 1 },
      layouts: [{ kind: 'full', text: 'the whole file', files: 13 }],
    });
    expect(progress!.counts).toMatchObject({ encrypted: 13, suspect: 1 });
    expect(progress!.incident).toEqual(incident);
    parseReport(lines.map(toNdjson).join(''));
  });

  it('says the same whatever the number of workers', async () => {
    const folder = makeIncident();
    const byPath = async (workers: number) =>
      (await collect(folder, workers))
        .filter(({ type }) => type !== 'scan' && type !== 'end')
        .map(toNdjson)
        .sort();
    expect(await byPath(4)).toEqual(await byPath(1));
  });

  it('raises what lies beside a ransom note', async () => {
    const folder = temporaryFolder();
    const note =
      'All your files have been encrypted. To decrypt them pay 2 bitcoins. Do not rename files. Download Tor browser, open http://example.onion and enter your personal id. Contact us to restore your data.';
    writeFileSync(join(folder, 'READ ME.txt'), note);
    writeFileSync(join(folder, 'blob'), randomBytes(9000));
    const lines = await collect(folder, 2);
    expect(fileOf(lines, 'READ ME.txt').verdict).toBe('suspect');
    expect(fileOf(lines, 'blob').reasons[0]!.code).toBe('E124');
  });

  it('is left as it is where nobody wants files to be compared', async () => {
    const lines: ReportLine[] = [];
    for await (const line of scan([makeIncident()], { workers: 2, correlate: false })) lines.push(line);
    expect(fileOf(lines, 'no-extension').verdict).toBe('suspect');
    expect(lines.some(({ type }) => type === 'incident')).toBe(false);
  });
});

describe('lines that wait', () => {
  const text = (i: number) => `line ${i} ${'é'.repeat(i % 300)}`;

  it('come back whole and in order, from memory and from the temporary file', () => {
    for (const inMemory of [1 << 20, 4096, 1]) {
      const spool = new Spool([temporaryFolder()], inMemory);
      for (let i = 0; i < 5000; i++) expect(spool.add(text(i))).toBe(true);
      expect([...spool.texts()]).toEqual(Array.from({ length: 5000 }, (_, i) => text(i)));
      expect([...spool.texts()]).toHaveLength(5000);
      spool.close();
    }
  });

  it('never go into a file where the temporary folder is part of what is examined', () => {
    const spool = new Spool(['/'], 1000);
    expect(spool.add('x'.repeat(900))).toBe(true);
    expect(spool.add('x'.repeat(900))).toBe(false);
    expect([...spool.texts()]).toHaveLength(1);
  });
});

describe('a sample', () => {
  it('is the same in whatever order its items came, and as large as it may be', () => {
    const items = Array.from({ length: 1000 }, (_, i) => ({ order: (i * 7919) % 1000 }));
    const wanted = Array.from({ length: 50 }, (_, order) => ({ order }));
    for (let round = 0; round < 5; round++) {
      const sample = new Sample<{ order: number }>(50);
      for (const item of items.toSorted(() => random() - 0.5)) sample.add(item);
      expect(sample.items()).toEqual(wanted);
    }
  });
});

describe('a set of folders', () => {
  it('finds what was added, and hardly anything else', () => {
    const folders = new FolderSet();
    expect(folders.has('/srv/0')).toBe(false);
    for (let i = 0; i < 50_000; i++) folders.add(`/srv/share/folder ${i}`);
    for (let i = 0; i < 50_000; i++) expect(folders.has(`/srv/share/folder ${i}`)).toBe(true);
    let others = 0;
    for (let i = 0; i < 50_000; i++) if (folders.has(`/home/${i}/documents`)) others++;
    expect(others).toBeLessThan(5);
  });
});
