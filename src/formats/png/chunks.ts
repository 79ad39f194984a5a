import { Broken } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import { crc32 } from '../../checks/crc32.ts';
import type { Ledger } from '../../ledger/ledger.ts';

/** One chunk (PNG §5.3); the range includes length, type and CRC. */
export interface Chunk extends Range {
  readonly type: string;
  /** Where its data stand. */
  readonly data: Range;
  /** CRC-32 of type and data. */
  readonly sum: number;
  /** Whether the stored CRC is the same. */
  readonly isIntact: boolean;
}

/** PNG §5.3: a length is at most 2^31 − 1. */
const MOST_LENGTH = 2 ** 31 - 1;
const TYPE = /^[A-Za-z]{4}$/;

/**
 * The chunks from `at` up to IEND or the end of the file, accounting for those whose CRC holds. Where the chain
 * breaks it goes on at the next chunk of image data or the end chunk that proves itself.
 */
export function* walkChunks(reader: Reader, ledger: Ledger, at: number): Generator<Chunk, void, undefined> {
  for (let next: number | null = at; next !== null; ) {
    reader.meter.step();
    const chunk = readChunk(reader, ledger, next);
    if (chunk === null) {
      next = findChunk(reader, next);
      continue;
    }
    yield chunk;
    if (chunk.type === 'IEND') return;
    next = chunk.end;
  }
}

/** Null where no chunk can stand: the chain is broken there, which is noted. */
function readChunk(reader: Reader, ledger: Ledger, at: number): Chunk | null {
  try {
    const chunk = parseChunk(reader, at);
    if (chunk.isIntact) ledger.account(chunk.start, chunk.end, 'checksum', `${chunk.type} CRC-32`);
    else noteWrongSum(reader, ledger, chunk);
    return chunk;
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    ledger.broken(error);
    return null;
  }
}

/** The chunk at `at`, its CRC computed. @throws Broken, Truncated where none can stand */
export function parseChunk(reader: Reader, at: number): Chunk {
  const length = reader.u32be(at, 'chunk length');
  const type = reader.latin1(at + 4, 4, 'chunk type');
  if (!TYPE.test(type))
    throw new Broken(at + 4, 'chunk type', 'four letters', Buffer.from(type, 'latin1').toString('hex'));
  if (length > MOST_LENGTH) throw new Broken(at, `length of ${type}`, 'less than 2^31', length);
  const sumAt = at + 8 + length;
  const stored = reader.u32be(sumAt, `CRC of ${type}`);
  let computed = 0;
  for (const part of reader.stream(at + 4, sumAt, type)) computed = crc32(part, computed);
  return {
    type,
    start: at,
    end: sumAt + 4,
    data: { start: at + 8, end: sumAt },
    sum: computed,
    isIntact: computed === stored,
  };
}

function noteWrongSum(reader: Reader, ledger: Ledger, { type, start, end, sum }: Chunk): void {
  ledger.broken(new Broken(start, `CRC of ${type}`, reader.u32be(end - 4), sum), end);
}

/** Where the next IDAT or IEND stands whose CRC holds. */
function findChunk(reader: Reader, from: number): number | null {
  for (let at = from + 1; ; ) {
    reader.meter.step();
    const found = reader.indexOf('I', at + 4);
    if (found < 0) return null;
    if (isProved(reader, found - 4)) return found - 4;
    at = found - 3;
  }
}

function isProved(reader: Reader, at: number): boolean {
  if (!reader.has(at + 4, 'IDAT') && !reader.has(at + 4, 'IEND')) return false;
  try {
    return parseChunk(reader, at).isIntact;
  } catch (error) {
    if (error instanceof Broken) return false;
    throw error;
  }
}
