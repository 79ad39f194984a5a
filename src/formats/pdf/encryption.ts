import { Broken } from '../../bytes/errors.ts';
import { Ledger } from '../../ledger/ledger.ts';
import { countIn, type Dictionary, nameIn } from './values.ts';

type Cipher = 'RC4' | 'AES' | 'none' | 'unknown';

export interface CipherChoice {
  readonly cipher: Cipher;
  /** `AES-256`. */
  readonly strength: string;
}

/** AES in CBC mode: 16 bytes of initialisation vector, data padded to a multiple of 16 (ISO 32000-1 §7.6.2). */
const AES_BLOCK = 16;
/** Shorter strings stay part of the syntax around them. */
const SHORTEST_SEALED = 16;

/** The security handler of a file that its owner encrypted (ISO 32000-1 §7.6; ISO 32000-2 §7.6). */
export class Encryption {
  readonly scheme: string;
  readonly strings: CipherChoice;
  readonly streams: CipherChoice;
  readonly files: CipherChoice;
  /** Number of the object that is the encryption dictionary itself; its strings are plain. */
  readonly object: number | null;
  readonly encryptsMetadata: boolean;
  /** Ranges of ciphertext; noted apart, as a ledger keeps few observations. */
  readonly #sealed: Ledger;

  constructor(dictionary: Dictionary, object: number | null, filters: readonly CipherChoice[], size: number) {
    const version = countIn(dictionary, 'V') ?? 0;
    const revision = countIn(dictionary, 'R');
    const handler = nameIn(dictionary, 'Filter') || 'unnamed';
    const title =
      handler === 'Standard' ? 'PDF standard security handler' : `PDF security handler ${handler}`;
    this.scheme = `${title}, V ${version}${revision === null ? '' : ` R ${revision}`}`;
    [this.strings, this.streams, this.files] = filters as [CipherChoice, CipherChoice, CipherChoice];
    this.object = object;
    this.encryptsMetadata = dictionary.get('EncryptMetadata') !== false;
    this.#sealed = new Ledger(size);
  }

  /** The cipher of a stream with this dictionary, its crypt filter included (§7.4.10). */
  cipherOf(dictionary: Dictionary, cryptFilter: string | null): CipherChoice {
    const type = nameIn(dictionary, 'Type');
    if (type === 'XRef' || cryptFilter === 'Identity') return NONE;
    if (type === 'Metadata' && !this.encryptsMetadata) return NONE;
    return type === 'EmbeddedFile' ? this.files : this.streams;
  }

  /** Whether a string of so many bytes under `key` is ciphertext that stands for itself. */
  sealsString(object: number, key: string, length: number): boolean {
    if (this.strings.cipher === 'none' || object === this.object) return false;
    return length >= SHORTEST_SEALED && !PLAIN_KEYS.has(key);
  }

  seal(start: number, end: number): void {
    if (end > start) this.#sealed.protect(start, end, this.scheme);
  }

  /** Enters the sealed ranges, and the scheme once. */
  conclude(ledger: Ledger): void {
    ledger.adopt(this.#sealed, 0);
    const strengths = new Set([this.streams, this.strings, this.files].map(({ strength }) => strength));
    strengths.delete(NONE.strength);
    ledger.observe({
      kind: 'protected',
      start: 0,
      end: ledger.size,
      scheme: this.scheme,
      strength: [...strengths].join(', ') || 'nothing but strings',
    });
  }
}

/** The identity: what it covers is plain. */
export const NONE: CipherChoice = { cipher: 'none', strength: 'identity' };

/** Strings that are never encrypted: the file's identifiers and signatures (§7.6.1). */
const PLAIN_KEYS: ReadonlySet<string> = new Set(['ID', 'Contents']);

/** What AES in CBC mode can't have written. @throws Broken */
export function checkSealedLength(cipher: CipherChoice, start: number, end: number): void {
  if (cipher.cipher !== 'AES' || end === start) return;
  if ((end - start) % AES_BLOCK !== 0) {
    throw new Broken(start, 'length of a stream under AES', 'a multiple of 16', end - start);
  }
}
