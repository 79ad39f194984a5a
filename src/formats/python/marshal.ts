import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import { isPlainText } from '../../checks/text-bytes.ts';
import type { Ledger } from '../../ledger/ledger.ts';

/** How a code object is written: numbers of 32 bits, objects, the first line's number, more objects. */
export interface CodeLayout {
  readonly numbers: number;
  readonly objects: number;
  readonly more: number;
}

/**
 * Of 128 kinds, random bytes hit one that stands alone or holds a number in about one case in ten, after which the next is read;
 * all others fail by their length, their characters or their number of a reference. 64 bytes are more than six in a row.
 */
const FLOOR = 64;
const SHARED = 0x80;
const LONGEST_TEXT = 1 << 20;
const LARGEST_DIGIT = 0x7fff;
const DEEPEST = 1000;
/** Bytes behind the kind, of those that hold neither objects nor strings. */
const fixed: Readonly<Record<string, number>> = { N: 0, F: 0, T: 0, S: 0, '.': 0, i: 4, I: 8, g: 8, y: 16 };

/** What is still to be read on one level: objects, or in a dictionary anything up to its end. */
type Level = { left: number } & ({ readonly kind: 'objects' } | { readonly kind: 'code'; hasLine: boolean });

/** One walk over a marshalled object (CPython, Python/marshal.c), without recursion. */
export class MarshalWalk {
  readonly #reader: Reader;
  readonly #ledger: Ledger;
  readonly #layout: CodeLayout;
  readonly #levels: Level[] = [{ kind: 'objects', left: 1 }];
  #at: number;
  #references = 0;

  constructor(reader: Reader, ledger: Ledger, start: number, layout: CodeLayout) {
    this.#reader = reader;
    this.#ledger = ledger;
    this.#at = start;
    this.#layout = layout;
  }

  /** Gives where the object ends. @throws Broken, Truncated, OverBudget */
  walk(): number {
    for (let level = this.#levels.at(-1); level !== undefined; level = this.#levels.at(-1)) {
      this.#reader.meter.step();
      if (level.left > 0) {
        level.left--;
        this.#takeObject();
      } else if (level.kind === 'code' && !level.hasLine) {
        level.hasLine = true;
        level.left = this.#layout.more;
        this.#skip(4);
      } else this.#levels.pop();
    }
    return this.#at;
  }

  #takeObject(): void {
    const at = this.#at;
    const byte = this.#reader.u8(at, 'object');
    const kind = String.fromCharCode(byte & ~SHARED);
    if ((byte & SHARED) !== 0) this.#references++;
    this.#skip(1);
    const size = fixed[kind];
    if (size !== undefined) this.#skip(size);
    else if (kind === '0') this.#endDictionary(at);
    else if ('satAuzZf'.includes(kind)) this.#takeString(kind);
    else if ('([<>'.includes(kind)) this.#open(this.#count());
    else if (kind === ')') this.#open(this.#u8());
    else if (kind === '{') this.#open(Number.POSITIVE_INFINITY);
    else if (kind === 'l') this.#takeLong();
    else if (kind === 'r' || kind === 'R') this.#takeReference(kind);
    else if (kind === 'c') this.#takeCode();
    else throw new Broken(at, 'kind of an object', 'one of marshal’s', kind);
  }

  /** Strings of bytes may be anything, and stay raw; the others are ASCII or UTF-8. */
  #takeString(kind: string): void {
    const length = 'zZf'.includes(kind) ? this.#u8() : this.#count();
    const [start, end] = [this.#at, this.#at + length];
    if (end > this.#reader.size)
      throw new Broken(start, 'length of a string', `at most ${this.#reader.size - start}`, length);
    this.#at = end;
    if (kind === 's' || length > LONGEST_TEXT) {
      this.#ledger.raw(start, end, 'bytes');
      return;
    }
    const bytes = this.#reader.bytes(start, length);
    if ('aAzZf'.includes(kind) && bytes.some((byte) => byte > 0x7f))
      throw new Broken(start, 'string', 'ASCII', 'other bytes');
    // Python allows surrogates by themselves, and control characters.
    if (isPlainText(bytes)) this.#ledger.account(start, end, 'grammar', 'string', FLOOR);
    else this.#ledger.raw(start, end, 'string');
  }

  #takeLong(): void {
    const count = Math.abs(this.#reader.u32le(this.#at) | 0);
    this.#skip(4);
    if (this.#at + 2 * count > this.#reader.size)
      throw new Broken(
        this.#at,
        'digits of a number',
        `at most ${this.#reader.size - this.#at} bytes`,
        2 * count,
      );
    for (let i = 0; i < count; i++) {
      const digit = this.#reader.u16le(this.#at);
      if (digit > LARGEST_DIGIT) throw new Broken(this.#at, 'digit', `at most ${LARGEST_DIGIT}`, digit);
      this.#skip(2);
    }
  }

  /** Python 2 counts interned strings by themselves. */
  #takeReference(kind: string): void {
    const index = this.#count();
    if (kind === 'r' && index >= this.#references)
      throw new Broken(this.#at - 4, 'reference', `less than ${this.#references}`, index);
  }

  #takeCode(): void {
    this.#skip(4 * this.#layout.numbers);
    this.#push({ kind: 'code', left: this.#layout.objects, hasLine: false });
  }

  #open(count: number): void {
    if (Number.isFinite(count) && count > this.#reader.size - this.#at)
      throw new Broken(this.#at, 'number of objects', `at most ${this.#reader.size - this.#at}`, count);
    this.#push({ kind: 'objects', left: count });
  }

  #push(level: Level): void {
    if (this.#levels.length >= DEEPEST) throw new Broken(this.#at, 'nesting', `at most ${DEEPEST}`, 'more');
    this.#levels.push(level);
  }

  #endDictionary(at: number): void {
    if (this.#levels.at(-1)?.left !== Number.POSITIVE_INFINITY)
      throw new Broken(at, 'end of a dictionary', 'within one', 'elsewhere');
    this.#levels.pop();
  }

  #count(): number {
    const value = this.#reader.u32le(this.#at, 'count');
    this.#skip(4);
    return value;
  }

  #u8(): number {
    const value = this.#reader.u8(this.#at, 'count');
    this.#skip(1);
    return value;
  }

  #skip(count: number): void {
    this.#ledger.account(
      this.#at,
      Math.min(this.#at + count, this.#reader.size),
      'grammar',
      'marshalled object',
      FLOOR,
    );
    this.#at += count;
  }
}
