import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { ciphers, type Sealing, sealings, usualArcs } from './oids.ts';
import { CONSTRUCTED, isWrapped, readTlv, type Tlv } from './tlv.ts';
import { checks, isPlainName } from './values.ts';

const UNIVERSAL = 0;
const CONTEXT = 0x80;
const BIT_STRING = 3;
const OCTET_STRING = 4;
const OBJECT_IDENTIFIER = 6;
/** Shorter opaque values are serial numbers and flags. */
const SHORTEST_OPAQUE = 9;
/** Keys and signatures of the largest kinds, RSA 16384; a number of an RSA key is half of that. */
const LONGEST_KEY = 2048;
const DEEPEST = 64;

/** A value that holds others, while they're read. */
interface Container {
  /** Where it ends, −1 where zeros say so. */
  readonly end: number;
  /** What seals the strings inside, by an identifier among its first values. */
  sealing: Sealing | null;
}

/**
 * One walk over the values of a DER or BER file, without recursion. Tags and lengths tile the file; strings and times
 * keep to their character sets; numbers, keys and signatures may be anything and are left as such.
 */
class Walk {
  readonly #reader: Reader;
  readonly #ledger: Ledger;
  readonly #open: Container[] = [];
  #cipher: string | undefined;

  constructor(reader: Reader, ledger: Ledger) {
    this.#reader = reader;
    this.#ledger = ledger;
  }

  /** @returns where the outermost value ends */
  run(): number {
    let at = 0;
    do {
      this.#reader.meter.step();
      at = this.#closeAt(this.#enter(at));
    } while (this.#open.length > 0);
    return at;
  }

  /** Reads one value; for a container only its head. Returns where to go on. */
  #enter(at: number): number {
    const limit = this.#open.findLast(({ end }) => end >= 0)?.end ?? this.#reader.size;
    const value = readTlv(this.#reader, at, limit);
    this.#ledger.account(at, value.start, 'structure', 'tag and length');
    if ((value.tag & CONSTRUCTED) !== 0 || value.end < 0) return this.#push(value);
    if (this.#isWrapper(value)) return this.#push(value);
    this.#take(value);
    return value.end;
  }

  #push(value: Tlv): number {
    if (this.#open.length >= DEEPEST) throw new Broken(value.at, 'nesting', `at most ${DEEPEST}`, 'deeper');
    this.#open.push({ end: value.end, sealing: null });
    // The first byte of a bit string counts unused bits.
    return value.tag === BIT_STRING ? value.start + 1 : value.start;
  }

  /** Strings may hold encoded values: keys, extensions, PKCS#12 contents. */
  #isWrapper({ tag, start, end }: Tlv): boolean {
    if (tag === OCTET_STRING) return isWrapped(this.#reader, start, end);
    return (
      tag === BIT_STRING &&
      end > start &&
      this.#reader.u8(start) === 0 &&
      isWrapped(this.#reader, start + 1, end)
    );
  }

  /** Closes the containers that end at `at`. */
  #closeAt(at: number): number {
    let next = at;
    for (let top = this.#open.at(-1); top !== undefined; top = this.#open.at(-1)) {
      if (top.end >= 0 && next > top.end) throw new Broken(top.end, 'end of a value', top.end, next);
      if (top.end >= 0 && next < top.end) break;
      if (top.end < 0) {
        if (!this.#reader.has(next, [0, 0])) break;
        this.#ledger.account(next, next + 2, 'structure', 'end of contents');
        next += 2;
      }
      this.#open.pop();
    }
    return next;
  }

  #take(value: Tlv): void {
    const number = value.tag & 0x1f;
    if ((value.tag & 0xc0) === UNIVERSAL) {
      if (number === OBJECT_IDENTIFIER) {
        this.#takeIdentifier(value);
        return;
      }
      checks[number]?.(this.#reader, this.#ledger, value);
      if (number in checks && number !== 2) return;
    } else if ((value.tag & 0xc0) === CONTEXT && isPlainName(this.#reader, value)) {
      this.#ledger.account(value.start, value.end, 'grammar', 'name');
      return;
    }
    this.#takeOpaque(value);
  }

  /**
   * What may be anything is short beside the tags around it: a random overwrite that is longer than the value hits
   * one of these, and that is the floor. Long values are contents of their own.
   */
  #takeOpaque({ start, end }: Tlv): void {
    const length = end - start;
    if (length < SHORTEST_OPAQUE) return;
    const sealing = this.#open.findLast((container) => container.sealing !== null)?.sealing;
    if (sealing !== undefined && sealing !== null)
      this.#ledger.protect(start, end, sealing.scheme, this.#cipher);
    else if (length <= LONGEST_KEY)
      this.#ledger.account(start, end, 'structure', 'key or signature amid tags', length + 8);
    else this.#ledger.coded(start, end, 'contents');
  }

  #takeIdentifier({ start, end }: Tlv): void {
    const length = Math.min(64, end - start);
    const hex = Buffer.from(this.#reader.bytes(start, length, 'OBJECT IDENTIFIER')).toString('hex');
    if (length === 0 || (this.#reader.u8(end - 1) & 0x80) !== 0) {
      throw new Broken(start, 'OBJECT IDENTIFIER', 'whole arcs', hex);
    }
    if (usualArcs.some((arc) => hex.startsWith(arc)))
      this.#ledger.account(start, end, 'structure', 'identifier');
    this.#cipher = ciphers[hex] ?? this.#cipher;
    const sealing = sealings[hex];
    const container = sealing === undefined ? undefined : this.#open.at(-sealing.levels);
    if (sealing !== undefined && container !== undefined) container.sealing = sealing;
  }
}

export const der: Format = {
  id: 'der',
  title: 'DER: certificates, keys, CMS messages, PKCS#12',
  extensions: [
    ...[
      'der',
      'cer',
      'crt',
      'crl',
      'csr',
      'p7b',
      'p7c',
      'p7s',
      'p7m',
      'p7',
      'p8',
      'pk8',
      'pfx',
      'p12',
      'key',
      'spc',
    ],
    ...['cms', 'tsr', 'tsq', 'cat'],
  ],
  signatures: [],
  spec: 'X.690 §8–§10; RFC 5280; RFC 5652; RFC 5958; RFC 7292',
  proof: 'tags and lengths tile the file, strings keep to their sets; keys and signatures stay unproved',
  texture: 'dense',
  recognise: (head, size) => {
    if (head[0] !== 0x30 || head.length < 4) return false;
    if (head[1] === 0x80) return head[2] === 0x06 || head[2] === 0x02 || head[2] === 0x30;
    return lengthOf(head) === size;
  },
  verify(reader: Reader, ledger: Ledger): void {
    reader.expect(0, [0x30], 'outermost SEQUENCE');
    ledger.trailing(new Walk(reader, ledger).run(), reader.size);
  },
};

function lengthOf(head: Uint8Array): number {
  const first = head[1]!;
  if (first < 0x80) return 2 + first;
  let length = 0;
  for (let i = 0; i < (first & 0x7f); i++) length = length * 256 + (head[2 + i] ?? 0);
  return 2 + (first & 0x7f) + length;
}
