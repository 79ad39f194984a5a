import { Broken } from '../../bytes/errors.ts';
import type { PdfDocument } from './document.ts';
import { type CipherChoice, Encryption, NONE } from './encryption.ts';
import { countIn, type Dictionary, nameIn, type PdfValue, Reference, Text } from './values.ts';

/**
 * Reads the encryption dictionary that the newest trailer with /Encrypt names.
 * @returns null for a file that isn't encrypted
 */
export function readEncryption(document: PdfDocument, trailers: readonly Dictionary[]): Encryption | null {
  const entry = trailers
    .map((trailer) => trailer.get('Encrypt'))
    .find((value) => value !== undefined && value !== null);
  if (entry === undefined) return null;
  const dictionary = document.dictionary(entry);
  if (dictionary === null) {
    document.ledger.broken(new Broken(0, 'encryption dictionary', 'a dictionary', 'none'));
    return null;
  }
  checkKeys(document, dictionary);
  const object = entry instanceof Reference ? entry.object : null;
  return new Encryption(dictionary, object, ciphersOf(document, dictionary), document.reader.size);
}

/** Lengths of the password hashes (table 21; ISO 32000-2 table 21): longer ones are padded by some writers. */
function checkKeys(document: PdfDocument, dictionary: Dictionary): void {
  if (nameIn(dictionary, 'Filter') !== 'Standard') return;
  const least = (countIn(dictionary, 'R') ?? 0) >= 5 ? 48 : 32;
  for (const key of ['O', 'U']) {
    const value: PdfValue = document.resolve(dictionary.get(key));
    const length = value instanceof Text ? value.length : 0;
    if (length < least)
      document.oddity(0, `encryption dictionary: ${key} has ${length} bytes instead of ${least}`);
  }
}

/** For strings, streams and embedded files, in this order. */
function ciphersOf(document: PdfDocument, dictionary: Dictionary): CipherChoice[] {
  const version = countIn(dictionary, 'V') ?? 0;
  if (version < 4) {
    const bits = version === 1 || version === 0 ? 40 : (countIn(dictionary, 'Length') ?? 40);
    const choice: CipherChoice = { cipher: 'RC4', strength: `RC4-${bits}` };
    return [choice, choice, choice];
  }
  const filters = document.dictionary(dictionary.get('CF')) ?? new Map<string, PdfValue>();
  const choose = (name: string) => choiceOf(document, filters, name, dictionary);
  const streams = nameIn(dictionary, 'StmF') || 'Identity';
  return [
    choose(nameIn(dictionary, 'StrF') || 'Identity'),
    choose(streams),
    choose(nameIn(dictionary, 'EFF') || streams),
  ];
}

/** ISO 32000-2 table 25. */
function choiceOf(
  document: PdfDocument,
  filters: Dictionary,
  name: string,
  encryption: Dictionary,
): CipherChoice {
  if (name === 'Identity') return NONE;
  const filter = document.dictionary(filters.get(name));
  const method = filter === null ? '' : nameIn(filter, 'CFM');
  if (method === 'AESV3') return { cipher: 'AES', strength: 'AES-256' };
  if (method === 'AESV2') return { cipher: 'AES', strength: 'AES-128' };
  if (method === 'V2') return { cipher: 'RC4', strength: `RC4-${countIn(encryption, 'Length') ?? 128}` };
  return method === 'None' ? NONE : { cipher: 'unknown', strength: 'unknown cipher' };
}
