import { Broken } from '../../../bytes/errors.ts';
import type { Reader } from '../../../bytes/reader.ts';

/** What a document's header, the file information block, tells (MS-DOC §2.5). */
export interface Fib {
  /** 0xC1 from Word 97 on; 101 to 104 in Word 6 and 95. */
  readonly version: number;
  readonly isEncrypted: boolean;
  readonly isObfuscated: boolean;
  readonly tableName: '0Table' | '1Table';
  /** Bytes of the encryption header in the table stream. */
  readonly keyBytes: number;
  readonly baseEnd: number;
  /** Of Word 6 and 95, where text is in one piece. */
  readonly textStart: number;
  readonly textEnd: number;
  /** Where in the table stream (or, in Word 6 and 95, in the main stream) the piece table is. */
  readonly clxStart: number;
  readonly clxLength: number;
  readonly isComplex: boolean;
}

const MAGICS = [0xa5ec, 0xa5dc];
const WORD_97 = 0xc1;
const BASE = 32;
/** Index of fcClx among the pairs of Word 97; offset of the same in Word 6 and 95. */
const CLX_PAIR = 33;
const CLX_WORD_6 = 0x160;

/** @throws Broken where the stream doesn't begin with one */
export function readFib(reader: Reader): Fib {
  const magic = reader.u16le(0, 'FIB');
  if (!MAGICS.includes(magic)) throw new Broken(0, 'FIB', 'a5ec', magic.toString(16));
  const version = reader.u16le(2);
  const flags = reader.u16le(10);
  const clx = version >= WORD_97 ? pairAt(reader, CLX_PAIR) : CLX_WORD_6;
  return {
    version,
    isComplex: (flags & 0x04) !== 0,
    isEncrypted: (flags & 0x100) !== 0,
    isObfuscated: (flags & 0x8000) !== 0,
    tableName: (flags & 0x200) !== 0 ? '1Table' : '0Table',
    keyBytes: reader.u32le(14),
    baseEnd: BASE,
    textStart: reader.u32le(24),
    textEnd: reader.u32le(28),
    clxStart: clx === null ? 0 : reader.u32le(clx, 'FIB'),
    clxLength: clx === null ? 0 : reader.u32le(clx + 4, 'FIB'),
  };
}

/** Words, then double words, then pairs of offset and length follow, each with their number before them. */
function pairAt(reader: Reader, index: number): number | null {
  const words = reader.u16le(BASE, 'FIB');
  const longs = reader.u16le(BASE + 2 + 2 * words, 'FIB');
  const pairs = BASE + 4 + 2 * words + 4 * longs;
  return index < reader.u16le(pairs, 'FIB') ? pairs + 2 + 8 * index : null;
}
