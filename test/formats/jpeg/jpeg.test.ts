import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { jpeg } from '../../../src/formats/jpeg/jpeg.ts';
import { corpusFiles, hasCorpus } from '../../support/corpus.ts';
import { describeFamily } from '../../support/family.ts';
import { fixtures } from '../../support/fixtures.ts';
import { random } from '../../support/overwrites.ts';
import { contradictions, verifyAlone } from '../../support/verify.ts';

describeFamily(jpeg, ['jpg', 'mpo', 'jps', 'mjpeg'], 20);

const gray = fixture('gray.jpg');
const progressive = fixture('restart-prog.jpg');

function fixture(name: string): Uint8Array {
  const found = [...fixtures()].find((file) => file.format === 'jpeg' && file.name === name);
  if (found === undefined) throw new Error(`no fixture ${name}`);
  return found.bytes;
}

/** The file with `bytes` put in at `at`. */
function insert(file: Uint8Array, at: number, bytes: Uint8Array): Uint8Array {
  return Buffer.concat([file.subarray(0, at), bytes, file.subarray(at)]);
}

function segment(marker: number, payload: Uint8Array): Uint8Array {
  const length = payload.length + 2;
  return Buffer.concat([Buffer.from([0xff, marker, length >> 8, length & 255]), payload]);
}

const scanOf = (file: Uint8Array) => {
  const [range] = verifyAlone(jpeg, file)
    .segments()
    .filter(({ by }) => /^\w+ scan$/.test(by));
  if (range === undefined) throw new Error('no scan');
  return range;
};

describe('jpeg', () => {
  it('decodes baseline and progressive scans to the last MCU', () => {
    for (const file of [gray, progressive]) {
      const ledger = verifyAlone(jpeg, file);
      expect(ledger.observations).toEqual([]);
      expect(ledger.totals().decoder).toBeGreaterThan(0.8 * file.length);
      expect(ledger.totals().unaccounted).toBe(0);
    }
  });

  it('misses no MCU that is left out, and none too many', () => {
    const { start, end } = scanOf(gray);
    const cut = Buffer.concat([gray.subarray(0, end - 8), gray.subarray(end)]);
    const longer = insert(gray, start + 400, gray.subarray(start + 400, start + 500));
    expect(contradictions(verifyAlone(jpeg, cut))).toHaveLength(1);
    expect(contradictions(verifyAlone(jpeg, longer))).toHaveLength(1);
  });

  it('tells a scan that the file ends in from one that a marker ends', () => {
    const { end } = scanOf(gray);
    const cut = gray.subarray(0, end - 100);
    expect(contradictions(verifyAlone(jpeg, cut))).toMatchObject([{ kind: 'truncated' }]);
    const ended = Buffer.concat([cut, Buffer.from([0xff, 0xd9])]);
    expect(contradictions(verifyAlone(jpeg, ended))).toMatchObject([{ kind: 'broken' }]);
  });

  it('lets EOI be missing behind whole scans', () => {
    const ledger = verifyAlone(jpeg, gray.subarray(0, -2));
    expect(contradictions(ledger)).toEqual([]);
    expect(ledger.observations).toMatchObject([{ kind: 'oddity', what: 'no EOI at the end' }]);
  });

  it('lets fill bytes stand before markers', () => {
    const { end } = scanOf(gray);
    expect(contradictions(verifyAlone(jpeg, insert(gray, end, Buffer.from([0xff, 0xff]))))).toEqual([]);
  });

  it('contradicts restart markers out of order', () => {
    const file = Uint8Array.from(fixture('progressive-restart.jpg'));
    const at = file.findIndex((byte, i) => byte === 0xff && file[i + 1] === 0xd1);
    file[at + 1] = 0xd2;
    expect(contradictions(verifyAlone(jpeg, file))).toMatchObject([{ what: 'restart marker' }]);
  });

  it('names random bytes behind EOI trailing, and zeros padding', () => {
    const tail = Buffer.from('a ransom trailer, or nearly', 'latin1');
    expect(verifyAlone(jpeg, Buffer.concat([gray, tail])).observations).toMatchObject([{ kind: 'trailing' }]);
    expect(verifyAlone(jpeg, Buffer.concat([gray, new Uint8Array(40)])).totals().padding).toBe(40);
  });

  it('accounts for a second image behind the first', () => {
    const ledger = verifyAlone(jpeg, Buffer.concat([gray, progressive]));
    expect(ledger.observations).toEqual([]);
    expect(ledger.totals().unaccounted).toBe(0);
  });

  it('keeps application segments of unknown makers raw, and text as text', () => {
    const maker = Buffer.from(Array.from({ length: 200 }, (_, i) => (i * 97) & 255));
    const file = insert(insert(gray, 2, segment(0xe5, maker)), 2, segment(0xfe, Buffer.from('made by hand')));
    const ledger = verifyAlone(jpeg, file);
    expect(contradictions(ledger)).toEqual([]);
    expect(ledger.totals()).toMatchObject({ raw: 200, grammar: 12 });
  });

  it('proves what stands before a contradiction, and not what stands behind it', () => {
    const file = Uint8Array.from(gray);
    const { start, end } = scanOf(gray);
    const next = random(7);
    for (let i = end - 600; i < end; i++) file[i] = next() * 256;
    const ledger = verifyAlone(jpeg, file);
    const proved = ledger.ranges('decoder').at(-1)!;
    expect(contradictions(ledger)).toHaveLength(1);
    expect(proved.start).toBe(start);
    expect(proved.end).toBeLessThanOrEqual(end - 600);
  });

  it('leaves a frame unexamined that asks for more memory than there is', () => {
    const file = Uint8Array.from(progressive);
    const at = file.findIndex((byte, i) => byte === 0xff && file[i + 1] === 0xc2);
    file.set([0xff, 0xff, 0xff, 0xff], at + 5);
    expect(verifyAlone(jpeg, file).observations).toContainEqual(
      expect.objectContaining({ kind: 'unexamined', why: 'progressive image of more than 512 megapixels' }),
    );
  });
});

const hasDjpeg = spawnSync('djpeg', ['-version']).error === undefined;

describe.skipIf(!hasCorpus || !hasDjpeg)('jpeg and djpeg (libjpeg-turbo)', () => {
  it('agree about every file of the corpus', () => {
    for (const kind of ['genuine', 'malformed'] as const) {
      for (const { name, path, bytes } of corpusFiles(kind, 'jpg', 'mpo', 'jps')) {
        if (bytes[0] !== 0xff || bytes[1] !== 0xd8) continue;
        const theirs = spawnSync('djpeg', ['-outfile', '/dev/null', path], { encoding: 'utf8' });
        const isTheirsFine = theirs.status === 0 && theirs.stderr === '';
        const scan = contradictions(verifyAlone(jpeg, bytes)).filter((seen) => !isOfMetadata(seen));
        expect(`${name}: ${scan.length === 0}`).toBe(`${name}: ${isTheirsFine}`);
      }
    }
  });
});

/** djpeg doesn't look into Exif. */
function isOfMetadata(observation: { kind: string; what?: string }): boolean {
  return /Exif|director|tag|thumbnail|IPTC|resource/.test(observation.what ?? '');
}
