import { describe, expect, it } from 'vitest';
import { Broken, Truncated } from '../../src/bytes/errors.ts';
import type { Format, KnownFormat } from '../../src/formats/format.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import type { MemberOutcome } from '../../src/ledger/observation.ts';
import type { Texture, Verdict } from '../../src/ledger/terms.ts';
import type { Evidence, Identity, RandomRun } from '../../src/verdict/evidence.ts';
import { judge } from '../../src/verdict/judge.ts';
import type { KnownGood } from '../../src/verdict/known-good.ts';
import { rules } from '../../src/verdict/rules.ts';

const SIZE = 100_000;

function format(texture: Texture): Format {
  return {
    id: 'test',
    title: 'Test format',
    extensions: ['test'],
    signatures: [{ at: 0, hex: '54455354' }],
    spec: 'none',
    proof: 'none',
    texture,
    verify() {},
  };
}

interface Given {
  readonly ledger?: (ledger: Ledger) => void;
  readonly runs?: readonly (readonly [number, number])[];
  readonly identity?: Partial<Identity>;
  readonly texture?: Texture;
  readonly entropy?: number;
  readonly transformations?: Evidence['transformations'];
  readonly pattern?: Evidence['pattern'];
  readonly emptiness?: number;
  readonly keyable?: number;
  readonly marks?: Evidence['marks'];
  readonly stopped?: string;
  readonly knownGood?: KnownGood;
  readonly size?: number;
}

function evidence(given: Given): Evidence {
  const size = given.size ?? SIZE;
  const ledger = new Ledger(size);
  given.ledger?.(ledger);
  const texture = given.texture ?? 'plain';
  return {
    size,
    texture,
    ledger,
    runs: (given.runs ?? []).map(([start, end]): RandomRun => ({ start, end, chiSquare: 255 })),
    wholeFile: { entropy: given.entropy ?? 5, chiSquare: 1e5, printable: 0.5, zero: 0 },
    identity: {
      format: format(texture),
      verifier: format(texture),
      magic: format(texture),
      promised: [],
      extension: 'test',
      appended: null,
      asPromised: true,
      ...given.identity,
    },
    transformations: given.transformations ?? [],
    pattern: given.pattern ?? null,
    emptiness: given.emptiness ?? 0,
    keyable: given.keyable ?? 0,
    marks: given.marks ?? [],
    stopped: given.stopped ?? null,
    ...(given.knownGood === undefined ? {} : { knownGood: given.knownGood }),
  };
}

const proved = (ledger: Ledger) => ledger.account(0, ledger.size, 'checksum', 'CRC-32');
const magicOnly: KnownFormat = {
  id: 'film',
  title: 'Film',
  extensions: ['test'],
  signatures: [{ at: 0, hex: '46494c4d' }],
  spec: 'none',
};
const contentOnly: Format = { ...format('plain'), id: 'text', title: 'Text', signatures: [] };
const nothingFound: Partial<Identity> = { format: null, verifier: null, magic: null };
const promise = { ...nothingFound, promised: [format('plain')] };

function member(verdict: Verdict, opaque = 0): MemberOutcome {
  const reasons = [{ code: 'X', text: 'because', at: null }];
  return {
    name: 'inner',
    start: 0,
    end: 500,
    size: 10_000,
    format: null,
    verdict,
    floor: 1,
    opaque,
    reasons,
  };
}

const blob = { code: 'S301', text: 'random throughout', at: 0 };

/** For each rule, a case in which it decides. */
const cases: Readonly<Record<string, { story: string; verdict: Verdict; given: Given }>> = {
  E101: {
    story: 'a file whose head is random where its type has magic bytes',
    verdict: 'encrypted',
    given: { identity: promise, runs: [[0, 4096]], ledger: (l) => l.raw(0, SIZE, 'unknown type') },
  },
  E102: {
    story: 'a database with a random page',
    verdict: 'encrypted',
    given: {
      runs: [[8192, 12_288]],
      ledger: (l) => {
        l.account(0, 8192, 'structure', 'pages');
        l.account(12_288, SIZE, 'structure', 'pages');
        l.broken(new Broken(8192, 'page type', 13, 77), 12_288);
      },
    },
  },
  E103: {
    story: 'an archive with an encrypted document in it',
    verdict: 'encrypted',
    given: {
      ledger: (l) => {
        proved(l);
        l.member(member('encrypted'));
      },
    },
  },
  E104: {
    story: 'a whole file with a random tail and a foreign extension',
    verdict: 'encrypted',
    given: {
      identity: { appended: 'locked' },
      runs: [[SIZE - 256, SIZE]],
      ledger: (l) => {
        l.account(0, SIZE - 256, 'checksum', 'CRC-32');
        l.trailing(SIZE - 256, SIZE);
      },
    },
  },
  E105: {
    story: 'a document in whose place a repeating key shows',
    verdict: 'encrypted',
    given: {
      identity: promise,
      transformations: [{ kind: 'repeating-key', start: 0, end: SIZE, period: 8, by: 'head' }],
      ledger: (l) => l.account(0, SIZE, 'contrast', 'records', 1023),
    },
  },
  E106: {
    story: 'a broken document with a tail that holds its size',
    verdict: 'encrypted',
    given: {
      ledger: (l) => {
        l.account(0, 100, 'structure', 'header');
        l.broken(new Broken(100, 'length', 4, 5));
      },
      marks: [
        { kind: 'tail', families: ['Akira'], text: 'the size of the content', at: 99_466, strong: true },
      ],
    },
  },
  E107: {
    story: 'a random file that was renamed to an address',
    verdict: 'encrypted',
    given: {
      identity: { ...nothingFound, extension: '[x@y' },
      runs: [[1, SIZE]],
      ledger: (l) => l.raw(0, SIZE, 'unknown type'),
    },
  },
  E108: {
    story: 'a film that begins with random bytes',
    verdict: 'encrypted',
    given: {
      identity: { ...nothingFound, promised: [magicOnly], extension: 'test' },
      runs: [[1, 70_000]],
      ledger: (l) => l.raw(0, SIZE, 'unknown type'),
    },
  },
  E109: {
    story: 'a compressed stream that breaks at random bytes, of a foreign name',
    verdict: 'encrypted',
    given: {
      texture: 'dense',
      identity: { appended: 'locked' },
      runs: [[50_000, SIZE]],
      ledger: (l) => {
        l.account(0, 50_000, 'decoder', 'LZMA');
        l.broken(new Broken(50_000, 'CRC', 1, 2));
      },
    },
  },
  E110: {
    story: 'a file of unknown type with a random stretch, of a foreign name',
    verdict: 'encrypted',
    given: {
      identity: { ...nothingFound, extension: 'hljknskoq' },
      runs: [[20_000, 30_000]],
      ledger: (l) => {
        l.account(0, 20_000, 'contrast', 'records', 1023);
        l.account(30_000, SIZE, 'contrast', 'records', 1023);
      },
    },
  },
  E112: {
    story: 'an archive known by its magic bytes alone, random behind them, with an address in its new name',
    verdict: 'encrypted',
    given: {
      identity: { ...nothingFound, magic: magicOnly, promised: [magicOnly], appended: 'id-7f.[x@y.z].nigra' },
      runs: [[64, 90_000]],
    },
  },
  S201: {
    story: 'a compressed stream that breaks, with random bytes from there on',
    verdict: 'suspect',
    given: {
      texture: 'dense',
      runs: [[50_000, SIZE]],
      ledger: (l) => {
        l.account(0, 50_000, 'decoder', 'LZMA');
        l.broken(new Broken(50_000, 'CRC', 1, 2));
      },
    },
  },
  D201: {
    story: 'a file with a wrong length field',
    verdict: 'damaged',
    given: {
      ledger: (l) => {
        l.account(0, 100, 'structure', 'header');
        l.broken(new Broken(100, 'length', 4, 5));
      },
    },
  },
  D202: {
    story: 'a file that was cut short',
    verdict: 'damaged',
    given: {
      ledger: (l) => {
        proved(l);
        l.broken(new Truncated(SIZE, 'chunk', 12));
      },
    },
  },
  D203: {
    story: 'a document that is zeros throughout',
    verdict: 'damaged',
    given: { identity: promise, ledger: (l) => l.account(0, SIZE, 'padding', 'zeros') },
  },
  D204: {
    story: 'a film that is one word, repeated',
    verdict: 'damaged',
    given: {
      identity: { magic: null, format: contentOnly, verifier: contentOnly, promised: [magicOnly] },
      pattern: { period: 5, length: SIZE, isText: true },
      ledger: (l) => l.account(0, SIZE, 'grammar', 'text'),
    },
  },
  E111: {
    story: 'a film in whose place random bytes stand in base64',
    verdict: 'encrypted',
    given: {
      identity: {
        magic: null,
        format: contentOnly,
        verifier: contentOnly,
        promised: [magicOnly],
        asPromised: false,
      },
      ledger: (l) => {
        l.coded(0, SIZE, 'base64 of bytes that nothing proves');
        l.member({
          ...member('suspect', 75_000),
          name: 'base64@0',
          size: 75_000,
          end: SIZE,
          reasons: [blob],
        });
      },
    },
  },
  S313: {
    story: 'samples of sound under a short key',
    verdict: 'suspect',
    given: {
      transformations: [{ kind: 'repeating-key', start: 44, end: SIZE, period: 8, by: 'places' }],
      ledger: (l) => {
        l.account(0, 44, 'structure', 'header');
        l.account(44, SIZE, 'contrast', 'samples', 511);
      },
    },
  },
  S314: {
    story: 'a file of unknown type with equal blocks among random ones',
    verdict: 'suspect',
    given: {
      identity: nothingFound,
      transformations: [{ kind: 'repeated-blocks', start: 0, end: SIZE, blockSize: 16, repeated: 9 }],
      ledger: (l) => l.raw(0, SIZE, 'unknown type'),
    },
  },
  S301: {
    story: 'a blob that is random throughout, of a name that promises nothing',
    verdict: 'suspect',
    given: { identity: nothingFound, runs: [[0, SIZE]], ledger: (l) => l.raw(0, SIZE, 'unknown type') },
  },
  S302: {
    story: 'a whole file with a random tail',
    verdict: 'suspect',
    given: {
      runs: [[SIZE - 256, SIZE]],
      ledger: (l) => {
        l.account(0, SIZE - 256, 'checksum', 'CRC-32');
        l.trailing(SIZE - 256, SIZE);
      },
    },
  },
  S303: {
    story: 'sound samples with a random stretch',
    verdict: 'suspect',
    given: {
      runs: [[40_000, 60_000]],
      ledger: (l) => {
        l.account(0, 44, 'structure', 'header');
        l.raw(44, SIZE, 'samples');
      },
    },
  },
  S304: {
    story: 'a file of unknown type with a random head',
    verdict: 'suspect',
    given: {
      identity: nothingFound,
      runs: [[0, 8192]],
      ledger: (l) => {
        l.raw(0, 8192, 'unknown type');
        l.account(8192, SIZE, 'contrast', 'records', 1023);
      },
    },
  },
  S305: {
    story: 'an intact file with a foreign extension behind its own',
    verdict: 'suspect',
    given: { identity: { appended: 'locked' }, ledger: proved },
  },
  S306: {
    story: 'an archive with a suspect picture in it',
    verdict: 'suspect',
    given: {
      ledger: (l) => {
        proved(l);
        l.member(member('suspect'));
      },
    },
  },
  S310: {
    story: 'a text that says how to pay',
    verdict: 'suspect',
    given: {
      ledger: proved,
      marks: [
        { kind: 'note-text', families: ['Akira'], text: 'whatever who you are', at: null, strong: true },
      ],
    },
  },
  S311: {
    story: 'a file named as one family alone does',
    verdict: 'suspect',
    given: {
      ledger: proved,
      marks: [{ kind: 'extension', families: ['Akira'], text: 'a.docx.akira', at: null, strong: true }],
    },
  },
  S312: {
    story: 'a file of unknown type with random stripes',
    verdict: 'suspect',
    given: {
      identity: nothingFound,
      runs: [
        [10_000, 15_000],
        [30_000, 35_000],
        [50_000, 55_000],
        [70_000, 75_000],
      ],
      ledger: (l) => l.account(0, 10_000, 'contrast', 'records', 1023),
    },
  },
  S307: {
    story: 'a document in which nothing is what a document has',
    verdict: 'suspect',
    given: { identity: promise, ledger: (l) => l.account(0, SIZE, 'contrast', 'records', 1023) },
  },
  S309: {
    story: 'a document in whose place an OpenSSL envelope stands',
    verdict: 'suspect',
    given: {
      identity: { ...promise, verifier: format('dense'), format: format('dense'), asPromised: false },
      ledger: (l) => {
        l.account(0, 16, 'structure', 'header');
        l.protect(16, SIZE, 'OpenSSL enc');
      },
    },
  },
  S308: {
    story: 'base64 of nothing but random bytes in the place of a picture',
    verdict: 'suspect',
    given: {
      identity: { ...promise, verifier: contentOnly, format: contentOnly },
      ledger: (l) => {
        proved(l);
        l.member({ ...member('suspect', 10_000), reasons: [blob] });
      },
    },
  },
  U407: {
    story: 'an archive with a damaged picture in it',
    verdict: 'unproved',
    given: {
      ledger: (l) => {
        proved(l);
        l.member(member('damaged'));
      },
    },
  },
  U401: {
    story: 'a file that used up its budget',
    verdict: 'unproved',
    given: { ledger: proved, stopped: 'limit reached: steps (5)' },
  },
  P501: {
    story: 'an archive that its owner encrypted',
    verdict: 'protected',
    given: {
      ledger: (l) => {
        l.account(0, 100, 'structure', 'header');
        l.protect(100, SIZE, 'AES', '256 bits');
      },
    },
  },
  U402: {
    story: 'an archive with a method that nothing here decodes',
    verdict: 'unproved',
    given: {
      ledger: (l) => {
        proved(l);
        l.unexamined(10, 20, 'method 97');
      },
    },
  },
  U403: {
    story: 'a file with text behind its end',
    verdict: 'unproved',
    given: {
      ledger: (l) => {
        l.account(0, 99_000, 'checksum', 'CRC-32');
        l.trailing(99_000, SIZE);
      },
    },
  },
  U404: {
    story: 'an archive with an opaque blob in it',
    verdict: 'unproved',
    given: {
      ledger: (l) => {
        proved(l);
        l.member(member('unproved', 10_000));
      },
    },
  },
  U408: {
    story: 'text in the place of a document',
    verdict: 'unproved',
    given: {
      identity: { ...promise, format: contentOnly, verifier: contentOnly },
      ledger: (l) => l.account(0, SIZE, 'grammar', 'text'),
    },
  },
  U409: {
    story: 'text with a large hole of zeros',
    verdict: 'unproved',
    given: {
      identity: { magic: null, format: contentOnly, verifier: contentOnly },
      ledger: (l) => {
        l.account(0, SIZE / 2, 'grammar', 'text');
        l.account(SIZE / 2, SIZE, 'padding', 'zeros');
      },
    },
  },
  I602: {
    story: 'a file of random bytes that is the one of the known-good state',
    verdict: 'intact',
    given: { runs: [[0, SIZE]], knownGood: { kind: 'same', by: 'SHA-256' } },
  },
  S331: {
    story: 'a file that was of another type in the known-good state',
    verdict: 'suspect',
    given: { ledger: proved, knownGood: { kind: 'other', format: 'another', verdict: 'intact' } },
  },
  S332: {
    story: 'a file that was proved in the known-good state, and is not any more',
    verdict: 'suspect',
    given: {
      ledger: (ledger) => ledger.unexamined(0, SIZE, 'a method that is not known'),
      knownGood: { kind: 'other', format: null, verdict: 'intact' },
    },
  },
  U410: {
    story: 'bytes of unknown type that are one word over and over',
    verdict: 'unproved',
    given: {
      identity: nothingFound,
      pattern: { period: 6, length: SIZE, isText: true },
      ledger: (l) => l.account(0, SIZE, 'grammar', 'text'),
    },
  },
  U405: {
    story: 'binary records of a type that nobody knows',
    verdict: 'unproved',
    given: { identity: nothingFound, ledger: (l) => l.account(0, SIZE, 'contrast', 'records', 1023) },
  },
  U406: {
    story: 'a film whose payload nothing checks',
    verdict: 'unproved',
    given: {
      ledger: (l) => {
        l.account(0, 900, 'structure', 'boxes');
        l.coded(900, SIZE, 'video');
      },
    },
  },
  I601: {
    story: 'a file whose every byte is under a checksum',
    verdict: 'intact',
    given: { ledger: proved },
  },
};

describe('rules', () => {
  it('have a case each, and codes of their own', () => {
    expect(Object.keys(cases).sort()).toEqual(rules.map(({ code }) => code).sort());
  });

  for (const [code, { story, verdict, given }] of Object.entries(cases)) {
    it(`${code} calls ${story}, ${verdict}`, () => {
      const judgement = judge(evidence(given));
      expect(judgement.reasons[0]).toMatchObject({ code });
      expect(judgement.verdict).toBe(verdict);
    });
  }
});

describe('judge', () => {
  it('never lets entropy alone decide', () => {
    const flat = judge(evidence({ ledger: proved, entropy: 8 }));
    const plain = judge(evidence({ ledger: proved, entropy: 1 }));
    expect(flat).toEqual(plain);
  });

  it('calls a gap as long as the policy’s floor, unproved, and one shorter, intact', () => {
    const withGap = (gap: number) =>
      evidence({
        ledger: (l) => {
          l.account(0, 1000, 'checksum', 'CRC-32');
          l.account(1000 + gap, SIZE, 'checksum', 'CRC-32');
        },
      });
    expect(judge(withGap(4096)).verdict).toBe('unproved');
    expect(judge(withGap(4095)).verdict).toBe('intact');
    expect(judge(withGap(4095), { floor: 512 }).verdict).toBe('unproved');
  });

  it('states a floor beyond what may lie under a key', () => {
    const withKeyable = (keyable: number) => judge(evidence({ ledger: proved, keyable }));
    expect(withKeyable(900)).toMatchObject({ verdict: 'intact', floor: 901 });
    expect(withKeyable(4096)).toMatchObject({ verdict: 'unproved', floor: 4097 });
  });

  it('calls long random stretches in text encrypted, even where nothing of it is text', () => {
    const nothing = evidence({
      identity: { magic: null },
      runs: [[51, 50_000]],
      ledger: (l) => l.broken(new Broken(51, 'text')),
    });
    expect(judge(nothing).reasons[0]?.code).toBe('E102');
  });

  it('calls a disc image encrypted that is random where the mark of its type must be', () => {
    const disc: KnownFormat = { ...magicOnly, signatures: [{ at: 32_769, hex: '4344303031' }] };
    const given = { ...nothingFound, promised: [disc], extension: 'iso' };
    const image = (end: number) => judge(evidence({ identity: given, runs: [[0, end]] }));
    expect(image(SIZE).reasons[0]?.code).toBe('E108');
    expect(image(60_000).verdict).not.toBe('encrypted');
  });

  it('leaves a file that was renamed as programs do to suspicion, however random', () => {
    const renamed = (appended: string) =>
      judge(evidence({ identity: { ...nothingFound, magic: magicOnly, appended }, runs: [[64, 90_000]] }));
    expect(renamed('kept').verdict).toBe('suspect');
    expect(renamed('b3fhy2t1c2hk').verdict).toBe('encrypted');
  });

  it('never calls a file of unknown type intact, however small', () => {
    const tiny = evidence({ size: 50, identity: nothingFound, ledger: (l) => l.raw(0, 50, 'unknown type') });
    expect(judge(tiny).verdict).toBe('unproved');
  });

  it('calls an empty file intact', () => {
    expect(judge(evidence({ size: 0, identity: nothingFound })).verdict).toBe('intact');
  });

  it('tells every further reason, but no good news beside a bad verdict', () => {
    const { reasons } = judge(
      evidence({
        identity: { appended: 'locked' },
        ledger: (l) => {
          proved(l);
          l.broken(new Broken(5, 'length'));
        },
      }),
    );
    expect(reasons.map(({ code }) => code)).toEqual(['D201', 'S305']);
  });
});
