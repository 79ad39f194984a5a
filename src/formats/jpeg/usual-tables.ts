import type { HuffmanTable } from '../../checks/jpeg-scan.ts';

/** The "typical" tables of T.81 annex K, which most writers use and motion JPEG leaves out. */

function table(counts: string, values: string): HuffmanTable {
  return { counts: Buffer.from(counts, 'hex'), values: Buffer.from(values, 'hex') };
}

/** Tables K.3 and K.4. */
export const usualDc: readonly HuffmanTable[] = [
  table('00010501010101010100000000000000', '000102030405060708090a0b'),
  table('00030101010101010101010000000000', '000102030405060708090a0b'),
];

/** Tables K.5 and K.6. */
export const usualAc: readonly HuffmanTable[] = [
  table(
    '0002010303020403050504040000017d',
    '01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a3435363738393a434445464748494a535455565758595a636465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa',
  ),
  table(
    '00020102040403040705040400010277',
    '000102031104052131061241510761711322328108144291a1b1c109233352f0156272d10a162434e125f11718191a262728292a35363738393a434445464748494a535455565758595a636465666768696a737475767778797a82838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae2e3e4e5e6e7e8e9eaf2f3f4f5f6f7f8f9fa',
  ),
];

/** Tables K.1 and K.2 in zigzag order. */
const usualSteps: readonly Uint8Array[] = [
  Buffer.from(
    '100b0c0e0c0a100e0d0e1211101318281a181616183123251d283a333d3c3933383740485c4e404457453738506d51575f626768673e4d71797064785c656763',
    'hex',
  ),
  Buffer.from(
    '1112121815182f1a1a2f634238426363636363636363636363636363636363636363636363636363636363636363636363636363636363636363636363636363',
    'hex',
  ),
];

/** Whether the steps are those of annex K, scaled by the quality 1–100 as the Independent JPEG Group's library does. */
export function isUsualQuantiser(steps: Uint16Array): boolean {
  return usualSteps.some((basis) => {
    for (let quality = 1; quality <= 100; quality++) {
      const scale = quality < 50 ? Math.trunc(5000 / quality) : 200 - quality * 2;
      if (steps.every((step, i) => step === scaled(basis[i]!, scale))) return true;
    }
    return false;
  });
}

function scaled(step: number, scale: number): number {
  return Math.min(255, Math.max(1, Math.trunc((step * scale + 50) / 100)));
}
