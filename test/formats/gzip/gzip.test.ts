import { spawnSync } from 'node:child_process';
import { crc32, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { examine } from '../../../src/examine/examine.ts';
import { gzip as format } from '../../../src/formats/gzip/gzip.ts';
import { zlibStream } from '../../../src/formats/zlib-stream.ts';
import { corpusFiles, hasCorpus } from '../../support/corpus.ts';
import { describeFamily } from '../../support/family.ts';
import { randomBytes } from '../../support/random.ts';
import { contradictions, verifyAlone } from '../../support/verify.ts';

describeFamily(format, ['gz', 'tgz'], 40);
describeFamily(zlibStream, ['zlib', 'deflatez'], 40);

const kinds = (bytes: Uint8Array) => verifyAlone(format, bytes).observations.map(({ kind }) => kind);
const words = Buffer.from('the quick brown okapi jumps over the lazy quagga\n'.repeat(400));

/** A member with the optional fields of RFC 1952 §2.3. */
function member(content: Uint8Array, flags: number, fields: Buffer): Buffer {
  const plain = gzipSync(content);
  const head = Buffer.concat([plain.subarray(0, 10), fields]);
  head[3] = flags;
  const sum = Buffer.alloc(2);
  sum.writeUInt16LE(crc32(head) & 0xffff);
  return Buffer.concat([head, (flags & 2) === 0 ? Buffer.alloc(0) : sum, plain.subarray(10)]);
}

/** BGZF: each member tells its length in an extra field. */
function block(content: Uint8Array): Buffer {
  const field = Buffer.from('0600424302000000', 'hex');
  const one = member(content, 4, field);
  one.writeUInt16LE(one.length - 1, 16);
  return one;
}

describe('gzip', () => {
  it.skipIf(!hasCorpus)('refuses what gzip -t refuses', () => {
    for (const { name, bytes } of corpusFiles('malformed', 'gz', 'tgz', 'svgz', 'tar.gz')) {
      const isRefused = spawnSync('gzip', ['-t'], { input: bytes }).status !== 0;
      const isClean = kinds(bytes).every((kind) => kind === 'oddity');
      expect(isRefused && isClean, name).toBe(false);
    }
  });

  it('accounts for names, comments, extra fields and header sums', () => {
    const fields = Buffer.from('0800ab0004006e6f7465nope.txt\0', 'latin1');
    const bytes = member(
      words,
      2 | 4 | 8 | 16,
      Buffer.concat([Buffer.from('08005a5a04006e6f7465', 'hex'), Buffer.from('name.txt\0a comment\0')]),
    );
    expect(fields.length).toBeGreaterThan(0);
    const ledger = verifyAlone(format, bytes);
    expect(ledger.observations).toEqual([]);
    expect(ledger.totals().unaccounted).toBeLessThanOrEqual(4);
  });

  it('refuses a wrong header sum, and reserved flags', () => {
    const bytes = member(words, 2 | 8, Buffer.from('name.txt\0'));
    bytes[19]! ^= 1;
    expect(contradictions(verifyAlone(format, bytes))).toHaveLength(1);
    const reserved = gzipSync(words);
    reserved[3] = 0x20;
    expect(contradictions(verifyAlone(format, reserved))).toHaveLength(1);
  });

  it('joins members, as gunzip does, and examines their content as one file', () => {
    const half = Buffer.from('{"okapi": [1, 2, 3], ');
    const rest = Buffer.from('"quagga": "none are left"}');
    const { evidence, judgement } = examine(Buffer.concat([gzipSync(half), gzipSync(rest)]), {
      name: 'a.json.gz',
    });
    expect(judgement.verdict).toBe('intact');
    expect(evidence.ledger.members.map(({ name, size, format }) => [name, size, format])).toEqual([
      ['a.json', half.length + rest.length, 'json'],
    ]);
  });

  it('proves the blocks of BGZF before and behind one that is overwritten', () => {
    const blocks = Array.from({ length: 6 }, (_, i) => block(Buffer.from(`${i} `.repeat(9000))));
    const bytes = Buffer.concat(blocks);
    const start = blocks[0]!.length + blocks[1]!.length;
    bytes.set(randomBytes(blocks[2]!.length), start);
    const ledger = verifyAlone(format, bytes);
    expect(contradictions(ledger)).toHaveLength(1);
    expect(ledger.ranges('unaccounted').filter((gap) => gap.end - gap.start > 8)).toEqual([
      expect.objectContaining({ start, end: start + blocks[2]!.length }),
    ]);
  });

  it('takes zeros behind the end as padding, and anything else as a tail', () => {
    expect(kinds(Buffer.concat([gzipSync(words), Buffer.alloc(512)]))).toEqual(['oddity']);
    expect(kinds(Buffer.concat([gzipSync(words), randomBytes(512)]))).not.toEqual([]);
    expect(kinds(Buffer.concat([gzipSync(words), Buffer.alloc(1), randomBytes(100)]))).toEqual(['trailing']);
  });

  it('does not call ciphertext safe that was compressed afterwards', () => {
    const { judgement } = examine(gzipSync(randomBytes(50_000)), { name: 'report.docx.gz' });
    expect(judgement.restore).not.toBe('yes');
  });

  it('ends at the budget on a bomb', () => {
    const bomb = gzipSync(Buffer.alloc(60_000_000));
    const { judgement, evidence } = examine(bomb, { name: 'zeros.gz', budget: { produced: 20_000_000 } });
    expect(judgement.restore).not.toBe('yes');
    expect(evidence.stopped).toContain('decoded bytes');
  });

  it('examines content that does not fit into memory', { timeout: 60_000 }, () => {
    const large = Buffer.concat(
      Array.from({ length: 400 }, (_, i) => Buffer.alloc(100_000, `${i} ${words}`)),
    );
    const { evidence, judgement } = examine(gzipSync(large, { level: 1 }), { name: 'large.txt.gz' });
    expect(judgement.verdict).toBe('intact');
    expect(evidence.ledger.members[0]).toMatchObject({ size: large.length, verdict: 'intact' });
  });

  it('ends on a chain of nested archives', () => {
    let bytes = gzipSync(words);
    for (let i = 0; i < 50; i++) bytes = gzipSync(bytes);
    const { judgement } = examine(bytes, { name: 'deep.gz' });
    expect(judgement.restore).not.toBe('yes');
  });
});
