import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultGatePolicy } from '../../src/gate/policy.ts';
import { PolicyError } from '../../src/gate/policy-error.ts';
import { parsePolicy } from '../../src/gate/policy-file.ts';

function errorOf(text: string): PolicyError {
  try {
    parsePolicy(text);
  } catch (error) {
    if (error instanceof PolicyError) return error;
    throw error;
  }
  throw new Error('the policy was taken');
}

describe('a policy', () => {
  it('that says nothing but its version is the usual one', () => {
    expect(parsePolicy('version: 1')).toEqual(defaultGatePolicy);
  });

  it('may be written as YAML or as JSON', () => {
    const yaml = parsePolicy('version: 1\nfloor: 512\nverdicts:\n  unproved: aside\ncanaries: [a.docx]\n');
    expect(
      parsePolicy('{"version":1,"floor":512,"verdicts":{"unproved":"aside"},"canaries":["a.docx"]}'),
    ).toEqual(yaml);
    expect(yaml).toMatchObject({ floor: 512, canaries: [{ path: 'a.docx' }], notes: 'hold' });
    expect(yaml.verdicts).toEqual({ ...defaultGatePolicy.verdicts, unproved: 'aside' });
  });

  it('takes one glob or several, and hashes in either case of letters', () => {
    const { files, canaries } = parsePolicy(
      `version: 1\nfiles:\n- {match: '*.key', verdicts: {suspect: accept}}\n- {match: [a, b], verdicts: {damaged: aside}}\n` +
        `canaries:\n- {path: x, sha256: ${'AB'.repeat(32)}}\n`,
    );
    expect(files.map(({ match }) => match)).toEqual([['*.key'], ['a', 'b']]);
    expect(canaries[0]).toEqual({ path: 'x', sha256: 'ab'.repeat(32) });
  });

  it.each([
    ['version: 1\nfloor: none\n', 2, 'floor', 'must be integer, not "none"'],
    ['version: 1\nfloor: 0\n', 2, 'floor', 'must be >= 1, not 0'],
    ['version: 2\n', 1, 'version', 'must be 1, not 2'],
    ['floor: 1\n', 1, '', "'version' is missing"],
    ['version: 1\nverdicts:\n  unproven: hold\n', 3, 'verdicts.unproven', 'there is no such field'],
    [
      'version: 1\nverdicts:\n  encrypted: accept\n',
      3,
      'verdicts.encrypted',
      'must be aside or hold, not "accept"',
    ],
    [
      'version: 1\nverdicts:\n  unread: accept\n',
      3,
      'verdicts.unread',
      'must be aside or hold or incomplete, not "accept"',
    ],
    ['version: 1\ncanaries:\n  - a\n  - {pat: b}\n', 4, 'canaries[1]', "'path' is missing"],
    ['version: 1\nfiles:\n  - match: "*"\n', 3, 'files[0]', "'verdicts' is missing"],
    ['{"version": 1,\n "limits": {"files": -1}}', 2, 'limits.files', 'must be >= 0, not -1'],
    ['version: 1\nproved: {bytes: 95}\n', 2, 'proved.bytes', 'must be <= 1, not 95'],
    ['- version: 1\n', 1, '', 'must be object, not [{"version":1}]'],
    ['', 1, '', 'must be object, not null'],
  ])('%j is wrong, and the message names line and field', (text, line, field, what) => {
    const error = errorOf(text);
    expect({ line: error.line, field: error.field }).toEqual({ line, field });
    expect(error.message).toContain(what);
    expect(error.message).toMatch(new RegExp(`^line ${line}, column \\d+: `));
  });

  it.each([
    ['version: 1\nfloor: [1\n', 'Flow sequence'],
    ['version: 1\nversion: 1\n', 'unique'],
    ['{"version": 1,}extra', 'Unexpected'],
    ['version: 1\nfloor: !!js/function "x"\n', 'tag'],
  ])('%j is no YAML, and the message says why', (text, why) => {
    expect(errorOf(text).message).toContain(why);
  });

  it('that unfolds without end, or is longer than any, is refused', () => {
    const bomb = ['version: 1', 'a: &a [x,x,x,x,x,x,x,x,x]', ...'bcdefghi'].map((line, i) =>
      i < 2 ? line : `${line}: &${line} [${`*${String.fromCharCode(line.charCodeAt(0) - 1)},`.repeat(9)}]`,
    );
    expect(errorOf(bomb.join('\n')).message).toMatch(/alias/i);
    expect(errorOf('#'.repeat(2 << 20)).message).toContain('longer than');
  });

  it('is taken or refused with a place, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string({ unit: 'binary' })), (text) => {
        try {
          parsePolicy(text);
        } catch (error) {
          expect(error).toBeInstanceOf(PolicyError);
          expect((error as PolicyError).line).toBeGreaterThan(0);
        }
      }),
      { numRuns: 60 },
    );
  });
});
