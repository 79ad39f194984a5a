import { describe, expect, it } from 'vitest';
import { catalogueOf } from '../../../src/examine/catalogue.ts';
import type { Verdict } from '../../../src/ledger/terms.ts';
import type { Fingerprint } from '../../../src/verdict/incident/fingerprint.ts';
import { kindOf } from '../../../src/verdict/incident/kind.ts';
import { learnMarks } from '../../../src/verdict/incident/learn.ts';
import type { IncidentMark } from '../../../src/verdict/incident/mark.ts';
import { incidentRules, raise } from '../../../src/verdict/incident/rules.ts';
import { allCorpusFiles, hasCorpus } from '../../support/corpus.ts';
import { random, randomBytes } from '../../support/random.ts';

const kinds = ['0:504b0304', '0:25504446', '0:ffd8ffe0', '0:d0cf11e0', '0:89504e47', 'text'];
let number = 0;

function file(more: Partial<Fingerprint> = {}): Fingerprint {
  return {
    order: ++number,
    verdict: 'encrypted',
    codes: ['E101'],
    size: 10_000 + number,
    kind: kinds[number % kinds.length]!,
    newExtension: '',
    hasMagic: false,
    head: randomBytes(256).toString('latin1'),
    tail: randomBytes(1024).toString('latin1'),
    tailLength: null,
    tailCheck: null,
    layout: null,
    ...more,
  };
}

function many(count: number, more: () => Partial<Fingerprint>): Fingerprint[] {
  return Array.from({ length: count }, () => file(more()));
}

const magic = Buffer.from('c3a91d7e52b80466', 'hex');
const markedTail = () => Buffer.concat([randomBytes(512), magic, randomBytes(504)]).toString('latin1');
const markedHead = () => Buffer.concat([magic, randomBytes(248)]).toString('latin1');
const kindsOf = (marks: readonly IncidentMark[]) => marks.map(({ kind }) => kind);
const alone = { marks: [], noteBeside: false };

describe('the mark of an incident', () => {
  it('is learnt from the tails of eight files: where it stands, and which bytes they are', () => {
    const [mark, ...others] = learnMarks(
      many(8, () => ({ tail: markedTail() })),
      [],
    );
    expect(mark).toMatchObject({
      kind: 'tail-bytes',
      files: 8,
      bytes: [{ at: 512, hex: magic.toString('hex') }],
    });
    expect(mark!.chance).toBeLessThan(1e-9);
    expect(others).toEqual([]);
  });

  it('is learnt from the heads of files that lost their magic bytes, not from heads that name a type', () => {
    expect(
      kindsOf(
        learnMarks(
          many(8, () => ({ head: markedHead() })),
          [],
        ),
      ),
    ).toEqual(['head-bytes']);
    expect(
      learnMarks(
        many(8, () => ({ head: markedHead(), hasMagic: true })),
        [],
      ),
    ).toEqual([]);
  });

  it('is not what files of one kind, or of types that begin alike, have in common', () => {
    const zips = many(50, () => ({ tail: markedTail(), kind: '0:504b0304' }));
    expect(learnMarks(zips, [])).toEqual([]);
    const two = many(50, () => ({ tail: markedTail(), kind: random() < 0.5 ? 'text' : '0:504b0304' }));
    expect(learnMarks(two, [])).toEqual([]);
  });

  it('is not what sound files have, too', () => {
    const hit = many(8, () => ({ tail: markedTail() }));
    expect(
      learnMarks(
        hit,
        many(40, () => ({ tail: markedTail(), verdict: 'intact', codes: ['I601'] })),
      ),
    ).toEqual([]);
  });

  it('is no end of zeros, and no end that several formats share', () => {
    const zeros = () => Buffer.concat([randomBytes(900), Buffer.alloc(124)]).toString('latin1');
    const sound = many(50, () => ({ verdict: 'intact', codes: ['I601'] }));
    expect(
      learnMarks(
        many(60, () => ({ tail: zeros() })),
        sound,
      ),
    ).toEqual([]);
    const apes = () =>
      Buffer.concat([randomBytes(992), Buffer.from('APETAGEX'), randomBytes(24)]).toString('latin1');
    expect(
      learnMarks(
        many(60, () => ({ tail: apes() })),
        sound,
      ),
    ).toEqual([]);
  });

  it('is not learnt from files whose content shows nothing: packages with a signature behind them', () => {
    const signed = many(60, () => ({ tail: markedTail(), verdict: 'suspect', codes: ['S302', 'U403'] }));
    expect(learnMarks(signed, [])).toEqual([]);
  });

  it('is not learnt from copies of one file', () => {
    const copy = file({ tail: markedTail() });
    const copies = kinds.map((kind, i) => ({ ...copy, order: i, kind }));
    expect(learnMarks(copies, [])).toEqual([]);
  });

  it('is a new extension on files of three kinds, unless sound files were given it as well', () => {
    const renamed = many(6, () => ({ newExtension: 'qwxyz' }));
    expect(learnMarks(renamed, [])).toMatchObject([{ kind: 'extension', extension: 'qwxyz', files: 6 }]);
    const sound = many(2, () => ({ newExtension: 'qwxyz', verdict: 'intact', codes: ['I601'] }));
    expect(learnMarks(renamed, sound)).toEqual([]);
    expect(learnMarks(renamed.slice(0, 4), [])).toEqual([]);
  });

  it('is a length of tail, a layout or a field that holds, on as many kinds as chance doesn’t give', () => {
    const six = (more: Partial<Fingerprint>) =>
      learnMarks(
        many(6, () => more),
        [],
      );
    expect(six({ tailLength: 256 })).toMatchObject([{ kind: 'tail-length', length: 256, kinds: 6 }]);
    expect(six({ layout: 'the first 65536 bytes' })).toMatchObject([{ kind: 'layout', kinds: 6 }]);
    expect(six({ tailCheck: 'size 534' })).toMatchObject([{ kind: 'tail-check', kinds: 6 }]);
    const lengths = many(12, () => ({ tailLength: 16 + Math.floor(random() * 256) }));
    expect(learnMarks(lengths, [])).toEqual([]);
  });

  it('is the same in whatever order the files came', () => {
    const files = many(30, () => ({ tail: markedTail(), newExtension: 'qwxyz', tailLength: 512 }));
    const other = files.toSorted(() => random() - 0.5);
    expect(learnMarks(other, [])).toEqual(learnMarks(files, []));
  });

  it('is never learnt from ciphertext that has nothing in common', () => {
    for (let round = 0; round < 20; round++)
      expect(
        learnMarks(
          many(200, () => ({})),
          [],
        ),
      ).toEqual([]);
  });

  it.skipIf(!hasCorpus)(
    'is next to never what genuine files of the whole corpus share, were all of them hit',
    () => {
      const files = [...allCorpusFiles('genuine')].map(({ name, bytes }, order) =>
        file({
          order,
          size: bytes.length,
          kind: kindOf({ promised: catalogueOf().extensions.promisedBy(name).formats }),
          hasMagic: true,
          head: Buffer.from(bytes.subarray(0, 256)).toString('latin1'),
          tail: Buffer.from(bytes.subarray(Math.max(0, bytes.length - 1024))).toString('latin1'),
        }),
      );
      // Eleven files of three extensions have one end: they're of one writer.
      const marks = learnMarks(files, []);
      expect(marks.length).toBeLessThanOrEqual(1);
      expect(Math.max(0, ...marks.map((mark) => mark.files))).toBeLessThan(0.005 * files.length);
    },
  );
});

const mark: IncidentMark = {
  kind: 'tail-bytes',
  bytes: [{ at: 512, hex: magic.toString('hex') }],
  files: 40,
  compared: 50,
  kinds: 9,
  chance: 1e-50,
};
const counts = { files: 40, compared: 50, kinds: 9, chance: null };
const extension: IncidentMark = { kind: 'extension', extension: 'qwxyz', ...counts };
const layout: IncidentMark = { kind: 'layout', layout: '16384 of every 65536 bytes', ...counts };

/** For each rule, a case in which it decides. */
const cases: Readonly<
  Record<string, { story: string; file: Partial<Fingerprint>; marks: IncidentMark[]; note?: true }>
> = {
  E121: {
    story: 'a file, random throughout, whose tail bears the mark of forty others',
    file: { verdict: 'suspect', codes: ['S301'], tail: markedTail() },
    marks: [mark],
  },
  E122: {
    story: 'a file without known type, random, and renamed as the others',
    file: { verdict: 'suspect', codes: ['S301'], newExtension: 'qwxyz' },
    marks: [extension],
  },
  E123: {
    story: 'a file with random stretches in the layout of the others',
    file: { verdict: 'suspect', codes: ['S312'], layout: '16384 of every 65536 bytes' },
    marks: [layout],
  },
  E124: {
    story: 'a file, random throughout, beside a ransom note',
    file: { verdict: 'suspect', codes: ['S301'] },
    marks: [],
    note: true,
  },
  S321: {
    story: 'a file of which nothing is known, with the mark at its end',
    file: { verdict: 'unproved', codes: ['U406'], tail: markedTail() },
    marks: [mark],
  },
};

describe('the rules of the incident', () => {
  for (const { code, from, verdict } of incidentRules) {
    const { story, file: more, marks, note } = cases[code]!;
    it(`${code}: calls ${story}, ${verdict}`, () => {
      const around = { marks, noteBeside: note === true };
      expect(file(more).verdict).toBe(from);
      expect(raise(file(more), around)).toMatchObject({ verdict, reason: { code } });
      expect(raise(file(more), alone)).toBeNull();
    });
  }

  const around = { marks: [mark, extension, layout], noteBeside: true };

  it('leave a file alone that was renamed only: nothing is wrong with its bytes', () => {
    expect(raise(file({ verdict: 'suspect', codes: ['S305'], newExtension: 'qwxyz' }), around)).toBeNull();
  });

  it('leave ransom notes alone', () => {
    expect(raise(file({ verdict: 'suspect', codes: ['S310'] }), around)).toBeNull();
  });

  it('never touch what is proved, damaged or unread', () => {
    for (const verdict of ['intact', 'protected', 'damaged', 'unread', 'encrypted'] satisfies Verdict[])
      expect(raise(file({ verdict, tail: markedTail(), newExtension: 'qwxyz' }), around)).toBeNull();
  });
});
