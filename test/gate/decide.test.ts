import { describe, expect, it } from 'vitest';
import type { Decision } from '../../src/gate/decision.ts';
import { decisionText } from '../../src/gate/decision-text.ts';
import { decide } from '../../src/gate/gate.ts';
import { parsePolicy } from '../../src/gate/policy-file.ts';
import type { GatedFile } from '../../src/gate/tally.ts';
import type { FileLine, ReportLine, ScanLine } from '../../src/report/line.ts';
import { endLine, lineOn, stream } from '../support/gated.ts';

const scanLine: ScanLine = {
  type: 'scan',
  schema: 1,
  tool: 'unscathed 0.0.0',
  started: '2026-01-01T00:00:00.000Z',
  roots: [{ text: './srv/' }],
  policy: { floor: 4096 },
  host: { platform: 'linux', node: 'v20' },
};

async function decideOver(
  policy: string,
  ...lines: ReportLine[]
): Promise<Decision & { gated: GatedFile[] }> {
  const gated: GatedFile[] = [];
  const onFile = (file: GatedFile) => void gated.push(file);
  const decision = await decide(stream(scanLine, ...lines, endLine), parsePolicy(`version: 1\n${policy}`), {
    onFile,
  });
  return { ...decision, gated };
}

const of = (path: string, verdict: FileLine['verdict'], more: Partial<FileLine> = {}) =>
  lineOn(path, { verdict, reasons: [{ code: 'X000', text: 'so it is', at: null }], ...more });
const contrast = of('srv/c.bin', 'unproved', {
  reasons: [{ code: 'U405', text: 'contrast throughout', at: null }],
});
const codes = ({ reasons }: Decision) => reasons.map(({ code }) => code);

describe('a gate', () => {
  it('passes where all files are intact or protected', async () => {
    const decision = await decideOver('', of('srv/a', 'intact'), of('srv/b', 'protected'));
    expect(decision).toMatchObject({
      decision: 'pass',
      complete: true,
      reasons: [],
      files: { safe: 2, held: 0 },
    });
    expect(decisionText(decision)).toBe('pass: 2 files may go back');
  });

  it.each(['encrypted', 'damaged', 'suspect', 'unproved'] as const)(
    'holds for a file that is %s',
    async (verdict) => {
      const decision = await decideOver('', of('srv/a', 'intact'), of('srv/b', verdict));
      expect(decision).toMatchObject({ decision: 'hold', complete: true, files: { safe: 1, held: 1 } });
      expect(decisionText(decision)).toMatch(/^hold: 1 file is \w+: srv\/b$/);
    },
  );

  it('is incomplete for what could not be read, or changed meanwhile', async () => {
    const decision = await decideOver('', of('srv/a', 'unread'), of('srv/b', 'intact', { changed: true }));
    expect(decision).toMatchObject({
      decision: 'incomplete',
      complete: false,
      files: { unknown: 2, safe: 0 },
    });
    expect(codes(decision)).toEqual(['Q201', 'Q202']);
  });

  it('holds, and says that it is incomplete, where both are so', async () => {
    const decision = await decideOver('', of('srv/a', 'unread'), of('srv/b', 'encrypted'));
    expect(decision).toMatchObject({ decision: 'hold', complete: false });
  });

  it('is incomplete for an empty folder, as a mount that failed leaves it', async () => {
    expect(codes(await decideOver(''))).toEqual(['Q204']);
    expect(await decideOver('limits: {files: 0}')).toMatchObject({ decision: 'pass' });
    expect(codes(await decideOver('limits: {files: 3}', of('srv/a', 'intact')))).toEqual(['Q204']);
  });

  it('is incomplete where a folder was unread, and where the report was cut or interrupted', async () => {
    const unread = await decideOver('', of('srv/a', 'intact'), {
      type: 'unread',
      path: { text: 'srv/x' },
      why: 'EACCES',
    });
    expect(codes(unread)).toEqual(['Q203']);
    const cut = await decide(stream(scanLine, of('srv/a', 'intact')), parsePolicy('version: 1'));
    expect(cut).toMatchObject({ decision: 'incomplete', reasons: [{ code: 'Q205' }] });
    const interrupted = stream(scanLine, of('srv/a', 'intact'), { ...endLine, interrupted: true });
    expect(codes(await decide(interrupted, parsePolicy('version: 1')))).toEqual(['Q205']);
  });

  it('accepts what the policy accepts, and sets aside what it sets aside', async () => {
    const policy = 'verdicts: {contrast: accept, unproved: aside}';
    const decision = await decideOver(policy, contrast, of('srv/u', 'unproved'));
    expect(decision).toMatchObject({ decision: 'pass', files: { safe: 1, aside: 1 } });
    expect(decisionText(decision)).toBe('pass: 1 file may go back, 1 set aside');
  });

  it('tells data without ciphertext in it from what nothing is known of', async () => {
    expect(codes(await decideOver('', contrast, of('srv/u', 'unproved')))).toEqual(['H108', 'H109']);
  });

  it('lets the first rule decide whose glob matches and which names the verdict', async () => {
    const policy = `
files:
  - {match: 'tmp/**', verdicts: {suspect: accept}}
  - {match: '*.key', verdicts: {suspect: aside, unproved: aside}}
  - {match: '**', verdicts: {unproved: accept}}`;
    const paths = ['srv/tmp/a.key', 'srv/b.key'];
    const { gated } = await decideOver(
      policy,
      ...paths.flatMap((path) => [of(path, 'suspect'), of(path, 'unproved')]),
    );
    expect(gated.map(({ action }) => action)).toEqual(['accept', 'aside', 'aside', 'aside']);
  });

  it('holds for a ransom note and for marks of ransomware whatever else is accepted', async () => {
    const policy = 'verdicts: {suspect: accept}\n';
    const note = of('srv/n.txt', 'suspect', { reasons: [{ code: 'S310', text: 'ransom note', at: null }] });
    const marked = of('srv/m', 'suspect', { family: 'consistent with Akira, Rhysida' });
    expect(codes(await decideOver(policy, note, marked))).toEqual(['H102', 'H103']);
    expect(codes(await decideOver(`${policy}families: [rhysida]\nnotes: ignore`, note, marked))).toEqual([
      'H102',
    ]);
    expect(await decideOver(`${policy}families: [Conti]\nnotes: ignore`, note, marked)).toMatchObject({
      decision: 'pass',
    });
    const unlisted = of('srv/m', 'suspect', { family: 'consistent with Akira and 7 more' });
    expect(codes(await decideOver(`${policy}families: [Conti]`, unlisted))).toEqual(['H102']);
  });

  it('never accepts ciphertext that is still being written', async () => {
    const decision = await decideOver(
      'verdicts: {changed: aside}',
      of('srv/a', 'encrypted', { changed: true }),
    );
    expect(decision.decision).toBe('hold');
  });

  it('holds where a canary is missing, hit, or not the one that was put there', async () => {
    const policy = `canaries: [gone, hit, {path: other, sha256: ${'f'.repeat(64)}}, well]`;
    const decision = await decideOver(
      policy,
      of('srv/hit', 'unproved'),
      of('srv/other', 'intact', { sha256: '1'.repeat(64) }),
      of('srv/well', 'intact'),
      of('srv/deeper/gone', 'intact'),
    );
    expect(decision.canaries.map(({ state }) => state)).toEqual([
      'missing',
      'not intact',
      'changed',
      'intact',
    ]);
    expect(codes(decision)).toEqual(['H104', 'H105', 'H108']);
    expect(decisionText(decision)).toContain('1 canary is missing: gone');
  });

  it('takes a canary by its hash alone, where it has one', async () => {
    const sha256 = 'a'.repeat(64);
    const policy = `verdicts: {unproved: aside}\ncanaries: [{path: c, sha256: ${sha256}}]`;
    expect(await decideOver(policy, of('srv/c', 'unproved', { sha256 }))).toMatchObject({ decision: 'pass' });
  });

  it('holds where less is proved than the policy asks for', async () => {
    const half = { checksum: 50, decoder: 0, grammar: 0, structure: 0, padding: 0, contrast: 0 };
    const accounted = { ...half, protected: 0, coded: 0, raw: 50, unaccounted: 0 };
    const lines = [of('srv/a', 'intact'), of('srv/b', 'protected', { accounted })];
    const decision = await decideOver('proved: {files: 0.9, bytes: 0.9}', ...lines);
    expect(decision).toMatchObject({ decision: 'hold', proved: { files: 0.5, bytes: 0.75 } });
    expect(decisionText(decision)).toContain(
      'proved are 50.0 % of the files, not 90.0 %, and 75.0 % of the bytes',
    );
    expect(await decideOver('proved: {files: 0.5, bytes: 0.75}', ...lines)).toMatchObject({
      decision: 'pass',
    });
  });

  it('sets symbolic links aside, unless the policy accepts or holds them', async () => {
    const link: ReportLine = { type: 'skipped', path: { text: 'srv/l' }, why: 'symbolic link' };
    const file = of('srv/a', 'intact');
    expect((await decideOver('', file, link)).gated[1]).toMatchObject({ action: 'aside', relative: 'l' });
    expect((await decideOver('verdicts: {links: accept}', file, link)).gated[1]).toMatchObject({
      action: 'accept',
    });
    expect(codes(await decideOver('verdicts: {links: hold}', file, link))).toEqual(['H111']);
  });

  it('asks for nothing of what was deleted in a disk image, and everything of a volume that is there', async () => {
    const times = { modified: null, accessed: null, changed: null, created: null };
    const origin = {
      image: { text: 'd.img' },
      volume: '',
      fileSystem: 'ext4',
      inode: 1,
      times,
      deleted: true,
    } as const;
    const volume = {
      path: { text: 'd.img' },
      start: 0,
      end: 9,
      partition: '',
      label: null,
      content: null,
      entries: 0,
    };
    const decision = await decideOver('', of('srv/a', 'encrypted', { origin }), {
      type: 'volume',
      ...volume,
      state: 'unread',
      notices: [],
    });
    expect(codes(decision)).toEqual(['Q203']);
    expect(decision.files).toMatchObject({ aside: 1, held: 0 });
  });

  it('keeps at most five examples for a reason, and counts all', async () => {
    const decision = await decideOver('', ...Array.from({ length: 9 }, (_, i) => of(`srv/${i}`, 'damaged')));
    expect(decision.reasons[0]).toMatchObject({ files: 9 });
    expect(decision.reasons[0]!.examples).toHaveLength(5);
  });
});
