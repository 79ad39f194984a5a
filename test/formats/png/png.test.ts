import { spawnSync } from 'node:child_process';
import { deflateRawSync, deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { png as format } from '../../../src/formats/png/png.ts';
import { corpusFiles, hasCorpus } from '../../support/corpus.ts';
import { describeFamily } from '../../support/family.ts';
import { chunk, header, png, rows, simplePng } from '../../support/png-builder.ts';
import { randomBytes } from '../../support/random.ts';
import { contradictions, verifyAlone } from '../../support/verify.ts';

describeFamily(format, ['png', 'apng'], 40);

const kinds = (bytes: Uint8Array) => verifyAlone(format, bytes).observations.map(({ kind }) => kind);
const whats = (bytes: Uint8Array) =>
  contradictions(verifyAlone(format, bytes)).map((one) => ('what' in one ? one.what : ''));

const hasPngcheck = spawnSync('pngcheck', ['-h']).error === undefined;

describe('png', () => {
  it('accounts for every byte of a simple image', () => {
    const ledger = verifyAlone(format, simplePng());
    expect(ledger.observations).toEqual([]);
    expect(ledger.totals().unaccounted).toBe(0);
    expect(ledger.floor()).toBeLessThanOrEqual(4);
  });

  it.skipIf(!hasPngcheck || !hasCorpus)(
    'finds no fewer malformed files than pngcheck, but for one whole file',
    () => {
      const passed: string[] = [];
      for (const { name, path, bytes } of corpusFiles('malformed', 'png')) {
        const isRefused = spawnSync('pngcheck', ['-q', path]).status !== 0;
        const isClean = kinds(bytes).every((kind) => kind === 'oddity');
        if (isRefused && isClean) passed.push(name);
      }
      // Its eXIf chunk stands behind the image data, which the specification forbids and every CRC allows.
      expect(passed).toEqual(['libpng__7dc251_pngtest.png']);
    },
  );

  it('sees rows that are missing, though every checksum holds', () => {
    expect(whats(png(header(40, 30), chunk('IDAT', deflateSync(rows(40, 29)))))).toEqual(['image rows']);
  });

  it('sees a filter type that there is not', () => {
    const data = rows(40, 30);
    data[41] = 5;
    expect(whats(png(header(40, 30), chunk('IDAT', deflateSync(data))))).toEqual(['row filter type']);
  });

  it('sees a wrong Adler-32 behind right CRCs', () => {
    const data = deflateSync(rows(40, 30));
    data[data.length - 1]! ^= 1;
    expect(whats(png(header(40, 30), chunk('IDAT', data)))).toEqual(['Adler-32']);
  });

  it('counts the rows of all seven passes', () => {
    // 5 × 5 pixels: passes of 1×1, 1×1, 2×1, 1×2 (…): each row with its filter type.
    const passes = [
      [1, 1],
      [1, 1],
      [2, 1],
      [1, 2],
      [3, 1],
      [2, 3],
      [5, 2],
    ];
    const data = Buffer.concat(passes.map(([width, height]) => rows(width!, height!)));
    const image = (bytes: Buffer) => png(header(5, 5, [8, 0, 0, 0, 1]), chunk('IDAT', deflateSync(bytes)));
    expect(kinds(image(data))).toEqual([]);
    expect(whats(image(data.subarray(1)))).not.toEqual([]);
  });

  it('goes over image data that are cut into many chunks', () => {
    const data = deflateSync(rows(200, 100));
    const chunks = Array.from({ length: data.length }, (_, i) => chunk('IDAT', data.subarray(i, i + 1)));
    expect(kinds(png(header(200, 100), ...chunks))).toEqual([]);
  });

  it('reads the raw deflate of Apple', () => {
    const image = png(
      chunk('CgBI', Buffer.from('50002002', 'hex')),
      header(40, 30),
      chunk('IDAT', deflateRawSync(rows(40, 30))),
    );
    expect(kinds(image)).toEqual([]);
  });

  it('refuses headers that the specification does not allow', () => {
    const data = chunk('IDAT', deflateSync(rows(4, 4)));
    for (const rest of [
      [3, 0, 0, 0, 0],
      [16, 3, 0, 0, 0],
      [8, 1, 0, 0, 0],
      [8, 0, 1, 0, 0],
      [8, 0, 0, 1, 0],
      [8, 0, 0, 0, 2],
    ]) {
      expect(whats(png(header(4, 4, rest), data)), String(rest)).not.toEqual([]);
    }
    expect(whats(png(header(0, 4), data))).toContain('IHDR size');
  });

  it('watches the sequence numbers of an animation', () => {
    const control = (number: number) => {
      const data = Buffer.alloc(26);
      data.writeUInt32BE(number, 0);
      data.writeUInt32BE(40, 4);
      data.writeUInt32BE(30, 8);
      return chunk('fcTL', data);
    };
    const data = deflateSync(rows(40, 30));
    const frame = (number: number) => chunk('fdAT', Buffer.concat([Buffer.from([0, 0, 0, number]), data]));
    const still = [header(40, 30), chunk('acTL', Buffer.from('0000000200000000', 'hex'))];
    expect(kinds(png(...still, control(0), chunk('IDAT', data), control(1), frame(2)))).toEqual([]);
    expect(whats(png(...still, control(0), chunk('IDAT', data), control(1), frame(3)))).toEqual([
      'APNG sequence number',
    ]);
  });

  it('decodes compressed text', () => {
    const text = (packed: Buffer) => chunk('zTXt', Buffer.concat([Buffer.from('Comment\0\0'), packed]));
    const image = (packed: Buffer) => png(header(4, 4), text(packed), chunk('IDAT', deflateSync(rows(4, 4))));
    const packed = deflateSync(Buffer.from('some words, compressed'));
    expect(kinds(image(packed))).toEqual([]);
    expect(whats(image(packed.subarray(0, 12)))).toHaveLength(1);
  });

  it('proves what is left when the head is overwritten', () => {
    const whole = png(header(200, 100), ...[0, 1, 2, 3].map(() => chunk('IDAT', randomBytes(3000))));
    const attacked = Buffer.concat([randomBytes(4096), whole.subarray(4096)]);
    const ledger = verifyAlone(format, attacked);
    expect(contradictions(ledger)).not.toEqual([]);
    expect(ledger.ranges('checksum')).toEqual([
      expect.objectContaining({ start: 8 + 25 + 2 * 3012, end: 8 + 25 + 4 * 3012 }),
      expect.objectContaining({ end: whole.length }),
    ]);
  });

  it('takes zeros behind the end as padding, and anything else as a tail', () => {
    expect(kinds(Buffer.concat([simplePng(), Buffer.alloc(100)]))).toEqual(['oddity']);
    expect(kinds(Buffer.concat([simplePng(), randomBytes(100)]))).toEqual(['trailing']);
  });
});
