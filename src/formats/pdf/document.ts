import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context } from '../format.ts';
import { CrossReferences } from './cross-references.ts';
import type { Encryption } from './encryption.ts';
import { Lexer } from './lexer.ts';
import { type ObjectStream, objectIn, openObjectStream } from './object-stream.ts';
import { parseValue } from './parser.ts';
import { SeenObjects } from './seen-objects.ts';
import { type Dictionary, isDictionary, type PdfValue, Reference } from './values.ts';

const MOST_HOPS = 16;

/** One PDF file under examination: what the parts of the verifier share. */
export class PdfDocument {
  readonly reader: Reader;
  readonly ledger: Ledger;
  readonly context: Context;
  readonly references = new CrossReferences();
  readonly seen = new SeenObjects();
  /** Bytes before `%PDF-`: some writers count offsets from there. */
  headerAt = 0;
  encryption: Encryption | null = null;
  readonly #oddities = new Set<string>();
  #openStream: ObjectStream | null = null;

  constructor(reader: Reader, ledger: Ledger, context: Context) {
    this.reader = reader;
    this.ledger = ledger;
    this.context = context;
  }

  /** Notes the first of each kind of oddity: a ledger keeps few observations. */
  oddity(at: number, what: string): void {
    if (this.#oddities.has(what)) return;
    this.#oddities.add(what);
    this.ledger.oddity(at, what);
  }

  /** Follows references to a value; null where they lead nowhere or in a circle (ISO 32000-1 §7.3.10). */
  resolve(value: PdfValue | undefined): PdfValue {
    let current = value ?? null;
    for (let hop = 0; current instanceof Reference; hop++) {
      if (hop === MOST_HOPS) return null;
      current = this.#load(current.object) ?? null;
    }
    return current;
  }

  resolveIn(dictionary: Dictionary, ...keys: string[]): PdfValue {
    for (const key of keys) {
      const value = dictionary.get(key);
      if (value !== undefined) return this.resolve(value);
    }
    return null;
  }

  /** Offset of the object in the file, or null where it isn't known or lies in an object stream. */
  offsetOf(object: number): number | null {
    const place = this.references.place(object);
    if (place?.kind !== 'offset') return this.seen.latest(object);
    return this.objectStartsAt(object, place.offset) ?? this.seen.latest(object);
  }

  /** Where `object` begins, if it does at `offset`, counted from the file's start or from the header. */
  objectStartsAt(object: number, offset: number): number | null {
    for (const at of this.headerAt > 0 ? [offset, offset + this.headerAt] : [offset]) {
      if (this.#headerLength(object, at) > 0) return at;
    }
    return null;
  }

  #headerLength(object: number, at: number): number {
    if (!(at >= 0 && at < this.reader.size)) return 0;
    const head = this.reader.latin1(at, Math.min(32, this.reader.size - at));
    const match = /^[\s\0]*(\d+)[\s\0]+\d+[\s\0]+obj/.exec(head);
    return match !== null && Number(match[1]) === object ? match[0].length : 0;
  }

  #load(object: number): PdfValue | undefined {
    const place = this.references.place(object);
    if (place?.kind === 'free') return null;
    if (place?.kind === 'inStream') return this.#loadFromStream(place.container, place.index);
    const at = this.offsetOf(object);
    if (at === null) return null;
    const lexer = new Lexer(this.reader, at + this.#headerLength(object, at), this.reader.size);
    return orNull(() => parseValue(lexer));
  }

  #loadFromStream(container: number, index: number): PdfValue {
    if (this.encryption !== null) return null;
    const at = this.offsetOf(container);
    if (at === null) return null;
    if (this.#openStream?.at !== at) {
      this.#openStream = orNull(() =>
        openObjectStream(this.reader, at, at + this.#headerLength(container, at)),
      );
    }
    const stream = this.#openStream;
    return stream === null ? null : (orNull(() => objectIn(stream, index)) ?? null);
  }

  /** The dictionary that a reference leads to, or that stands directly. */
  dictionary(value: PdfValue | undefined): Dictionary | null {
    const resolved = this.resolve(value);
    return isDictionary(resolved) ? resolved : null;
  }
}

/** A broken target of a reference is reported where the pass meets it; here it counts as missing. */
function orNull<T>(load: () => T): T | null {
  try {
    return load();
  } catch (error) {
    if (error instanceof Broken) return null;
    throw error;
  }
}
