import type { Range } from '../../../../bytes/range.ts';
import type { Path } from '../../../folders/path.ts';
import { toSegmentFromUtf16Bytes } from '../entry-name.ts';

const DELETED = 0xe5;
const LAST = 0x40;
/** Entries of the longest name. */
const MOST = 20;
/** Collects the entries of a long name, which stand before the short one, the last part first. */
export class LongName {
  #parts: Buffer[] = [];
  #places: Range[] = [];

  add(entry: Buffer, at: number): void {
    const deleted = entry[0] === DELETED;
    const first = this.#parts.at(-1);
    const begins = !deleted && (entry[0]! & LAST) !== 0;
    const changes = first !== undefined && (first[13] !== entry[13] || (first[0] === DELETED) !== deleted);
    if (begins || changes || this.#parts.length >= MOST) this.#clear();
    this.#parts.push(entry);
    this.#places.push({ start: at, end: at + entry.length });
  }

  /** The name of the short entry that follows, where the parts are whole and its checksum is theirs; and forgets them. */
  take(short: Buffer): { readonly name: Path | null; readonly metadata: readonly Range[] } {
    const name =
      this.#parts.length > 0 && this.#belongs(short) ? toSegmentFromUtf16Bytes(this.#characters()) : null;
    const metadata = name === null || name === '' ? [] : this.#places;
    this.#clear();
    return { name: name === '' ? null : name, metadata };
  }

  #clear(): void {
    this.#parts = [];
    this.#places = [];
  }

  #belongs(short: Buffer): boolean {
    if (short[0] === DELETED)
      return this.#parts.every((part) => part[0] === DELETED) && this.#matchesDeleted(short);
    const count = this.#parts.length;
    const ordered = this.#parts.every((part, i) => part[0] === ((count - i) | (i === 0 ? LAST : 0)));
    return ordered && this.#parts[0]![13] === checksum(short, short[0]!);
  }

  /** A deleted entry lost its first byte: it was the first letter of the long name, if the checksum says so. */
  #matchesDeleted(short: Buffer): boolean {
    const unit = this.#parts.at(-1)!.readUInt16LE(1);
    const letter = String.fromCharCode(unit).toUpperCase().charCodeAt(0);
    return letter < 0x80 && this.#parts[0]![13] === checksum(short, letter);
  }

  /** The characters up to the first zero, in order. The view is valid until the next name. */
  #characters(): Buffer {
    let end = 0;
    for (let i = this.#parts.length - 1; i >= 0; i--) {
      const part = this.#parts[i]!;
      end += part.copy(characters, end, 1, 11);
      end += part.copy(characters, end, 14, 26);
      end += part.copy(characters, end, 28, 32);
    }
    for (let at = 0; at < end; at += 2)
      if (characters[at] === 0 && characters[at + 1] === 0) return characters.subarray(0, at);
    return characters.subarray(0, end);
  }
}

/** 13 characters of two bytes in an entry. */
const characters = Buffer.alloc(MOST * 26);

/** Of the eleven bytes of a short name (FAT specification, `ChkSum`). */
function checksum(short: Buffer, first: number): number {
  let sum = first;
  for (let i = 1; i < 11; i++) sum = (((sum & 1) << 7) + (sum >> 1) + short[i]!) & 0xff;
  return sum;
}
