import { Broken } from '../../bytes/errors.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Chunk } from './chunks.ts';

/** PNG §5.6, table 7: chunks that must stand before the palette, or before the image data, and may not repeat. */
const beforePalette = new Set(['cHRM', 'cICP', 'gAMA', 'iCCP', 'mDCV', 'cLLI', 'sBIT', 'sRGB']);
const beforeData = new Set([
  ...beforePalette,
  'bKGD',
  'hIST',
  'tRNS',
  'eXIf',
  'pHYs',
  'sPLT',
  'PLTE',
  'acTL',
]);
const repeatable = new Set(['IDAT', 'sPLT', 'iTXt', 'tEXt', 'zTXt', 'fcTL', 'fdAT']);
const critical = new Set(['IHDR', 'PLTE', 'IDAT', 'IEND', 'CgBI']);

/** Watches the order of chunks. The CRCs prove the bytes; writers that mix up optional chunks are merely odd. */
export class ChunkOrder {
  readonly #ledger: Ledger;
  readonly #seen = new Set<string>();
  #last = '';

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  take({ type, start }: Chunk): void {
    const seen = this.#seen;
    if (type === 'IDAT' && seen.has('IDAT') && this.#last !== 'IDAT') {
      this.#ledger.broken(new Broken(start, 'IDAT', 'no other chunk between', this.#last));
    }
    if (seen.has('IDAT') && beforeData.has(type)) this.#odd(start, `${type} behind the image data`);
    else if (seen.has('PLTE') && beforePalette.has(type)) this.#odd(start, `${type} behind the palette`);
    if (seen.has(type) && !repeatable.has(type)) this.#odd(start, `second ${type}`);
    if (!critical.has(type) && isUpperCase(type)) this.#odd(start, `critical chunk ${type} of no known kind`);
    seen.add(type);
    this.#last = type;
  }

  #odd(at: number, what: string): void {
    this.#ledger.oddity(at, what);
  }
}

/** PNG §5.4: an upper-case first letter marks a chunk that a decoder must understand. */
function isUpperCase(type: string): boolean {
  return type.charCodeAt(0) < 0x60;
}
