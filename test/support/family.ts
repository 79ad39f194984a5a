import { describe, expect, it } from 'vitest';
import type { Format, Signature } from '../../src/formats/format.ts';
import { corpusFiles, hasCorpus } from './corpus.ts';
import { add, overwrite, random, type Tally } from './overwrites.ts';
import { contradictions, shares, verifyAlone } from './verify.ts';

const LENGTHS = [16, 64, 512, 4096];

/** What every format must hold over the real files of its types. Prints how they are accounted for. */
export function describeFamily(format: Format, types: readonly string[], overwritesPerFile = 20): void {
  describe.skipIf(!hasCorpus)(`${format.id}, real files`, () => {
    it('finds nothing that contradicts in genuine ones', () => {
      const table: Record<string, object> = {};
      for (const { name, bytes } of ours(format, 'genuine', types)) {
        const ledger = verifyAlone(format, bytes);
        table[name.slice(0, 48)] = { bytes: bytes.length, floor: ledger.floor(), ...shares(ledger) };
        expect(contradictions(ledger), name).toEqual([]);
      }
      console.table(table);
    });

    it('comes to an end over malformed ones', () => {
      for (const { bytes } of corpusFiles('malformed', ...types)) verifyAlone(format, bytes);
    });

    it('comes to an end however a genuine one is cut', () => {
      for (const { bytes } of ours(format, 'genuine', types)) {
        for (let i = 0; i < 16; i++)
          verifyAlone(format, bytes.subarray(0, Math.floor((bytes.length * i) / 16)));
      }
    });

    it('survives any byte of the first kilobyte', () => {
      const next = random(5);
      let files = 0;
      for (const { bytes } of ours(format, 'genuine', types)) {
        if (bytes.length > 200_000 || ++files > 4) continue;
        for (let i = 0; i < 200; i++) {
          const copy = Uint8Array.from(bytes);
          copy[4 + Math.floor(next() * Math.min(1024, bytes.length - 4))] = next() < 0.3 ? 255 : next() * 256;
          verifyAlone(format, copy);
        }
      }
    });

    it('accounts for no random bytes beyond the floor it admits', { timeout: 120_000 }, () => {
      const table: Record<number, Tally> = {};
      for (const length of LENGTHS) {
        let tally: Tally = { overwrites: 0, noticed: 0, open: 0, belowFloor: 0, missed: 0 };
        for (const { bytes } of ours(format, 'genuine', types)) {
          tally = add(tally, overwrite(format, bytes, length, overwritesPerFile, length));
        }
        table[length] = tally;
        expect(tally.missed, `${length} bytes`).toBe(0);
      }
      console.table(table);
    });
  });
}

function beginsWith(bytes: Uint8Array, { at, hex, mask }: Signature): boolean {
  const wanted = Buffer.from(hex, 'hex');
  const counting = Buffer.from(mask ?? 'ff'.repeat(wanted.length), 'hex');
  return wanted.every((byte, i) => ((bytes[at + i] ?? -1) & counting[i]!) === (byte & counting[i]!));
}

/** The files of these types that begin as the format does. */
function* ours(format: Format, kind: 'genuine', types: readonly string[]) {
  for (const file of corpusFiles(kind, ...types)) {
    const begins = format.signatures.some((signature) => beginsWith(file.bytes, signature));
    if (begins || format.recognise?.(file.bytes.subarray(0, 4096), file.bytes.length)) yield file;
  }
}
