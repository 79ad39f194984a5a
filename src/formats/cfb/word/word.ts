import { Broken } from '../../../bytes/errors.ts';
import type { Part } from '../part.ts';
import { describeHeader } from '../protection/encryption-header.ts';
import { accountRest } from '../rest.ts';
import { attempt, type Stream } from '../stream.ts';
import { accountTextPiece } from '../text-piece.ts';
import { type Fib, readFib } from './fib.ts';
import { readPieces } from './piece-table.ts';

/** The main stream of a document (MS-DOC §2.1.1): its header says where in the table stream the pieces of text are told. */
export function verifyWord(part: Part): void {
  const { stream, compound } = part;
  const { ledger } = stream;
  attempt(ledger, () => {
    const fib = readFib(stream.reader);
    ledger.account(0, fib.baseEnd, 'structure', 'FIB', 32);
    const table = compound.streams.find(({ path }) => path.length === 1 && path[0] === fib.tableName) ?? null;
    if (fib.isEncrypted) protect(stream, fib, table);
    else verifyText(stream, fib, table);
  });
  accountRest(part);
}

function verifyText(stream: Stream, fib: Fib, table: Stream | null): void {
  for (const { start, end, width } of readPieces(stream, fib, table)) {
    accountTextPiece(stream, start, Math.min(end, stream.size), width, 'text of the document');
  }
}

/** The FIB's first 68 bytes stay plain (§2.2.6.1); the cipher is told in the table stream. */
function protect({ ledger, size }: Stream, fib: Fib, table: Stream | null): void {
  ledger.protect(Math.min(68, size), size, schemeOf(fib, table), strengthOf(fib, table));
}

function schemeOf(fib: Fib, table: Stream | null): string {
  if (fib.isObfuscated) return 'Word XOR obfuscation';
  return isCryptoApi(table) ? 'Word RC4 CryptoAPI encryption' : 'Word RC4 encryption';
}

function isCryptoApi(table: Stream | null): boolean {
  return table !== null && table.size >= 4 && table.reader.u16le(0) >= 2;
}

function strengthOf(fib: Fib, table: Stream | null): string {
  if (fib.isObfuscated || table === null) return 'XOR, 16 bit';
  return isCryptoApi(table) ? describeHeader(table.reader, 0, table.size) : 'RC4, 40 bit';
}

/** The table stream: encrypted like the text behind its header, else told by contrast. */
export function verifyTable(part: Part): void {
  const { stream, compound } = part;
  const main = compound.streams.find(({ path }) => path.length === 1 && path[0] === 'WordDocument');
  const fib = main === undefined ? null : fibOf(main);
  if (fib === null || !fib.isEncrypted || stream.size === 0) {
    accountRest(part);
    return;
  }
  const from = fib.isObfuscated || stream.name !== fib.tableName ? 0 : Math.min(fib.keyBytes, stream.size);
  stream.ledger.account(0, from, 'structure', 'encryption header', 64);
  stream.ledger.protect(from, stream.size, schemeOf(fib, stream), strengthOf(fib, stream));
}

function fibOf(main: Stream): Fib | null {
  try {
    return readFib(main.reader);
  } catch (error) {
    // The main stream tells of it.
    if (error instanceof Broken) return null;
    throw error;
  }
}
