import type { Reader } from '../bytes/reader.ts';
import type { ByteSource } from '../bytes/source.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { MemberOutcome } from '../ledger/observation.ts';
import type { Texture } from '../ledger/terms.ts';

/** Magic bytes. */
export interface Signature {
  /** Offset in bytes; negative counts from the end of the file. */
  readonly at: number;
  /** The bytes in hexadecimal, two digits each. */
  readonly hex: string;
  /** Bits that count, in hexadecimal, as long as `hex`; all of them without a mask. */
  readonly mask?: string;
}

/** A format that is known by its magic bytes. */
export interface KnownFormat {
  /** Short and stable: `png`. */
  readonly id: string;
  readonly title: string;
  /** In lower case, without the dot. */
  readonly extensions: readonly string[];
  readonly signatures: readonly Signature[];
  /** Where the magic bytes, or the whole format, are specified: document and section. */
  readonly spec: string;
}

/** A format whose bytes can be accounted for. */
export interface Format extends KnownFormat {
  /** In one sentence: what proves a file of this format, and what stays unproved. */
  readonly proof: string;
  readonly texture: Texture;
  /** For formats without fixed magic bytes: whether these first bytes (up to 4 KiB) may begin such a file. */
  recognise?(head: Uint8Array, size: number): boolean;
  /**
   * Accounts for the file's bytes, claiming ranges in `ledger`.
   * Contradictions that allow to go on are noted with `ledger.broken`; the others are thrown.
   * @throws Broken, Truncated, OverBudget, ReadError
   */
  verify(reader: Reader, ledger: Ledger, context: Context): void;
}

/** What a verifier may ask of its surroundings. */
export interface Context {
  /** The file's name without folders, as text; empty where it has none. */
  readonly name: string;
  /**
   * Examines a file inside the file, notes the outcome in the ledger of the file at hand, and gives it back,
   * with its own ledger for adoption where the member's bytes stand in the file as they are (`Ledger.adopt`).
   * `range` is where in the file the member is stored. Depth and cost are limited by the meter.
   */
  examine(name: string, member: ByteSource, range: { start: number; end: number }): ExaminedMember;
  /** Says what the file is more precisely than the verifier's own format does: a zip archive that is a docx. */
  refine?(format: KnownFormat): void;
  /** Another file of the same folder (`app.db-wal` beside `app.db`), opened read-only; null if there is none. */
  sibling(name: string): ByteSource | null;
}

export interface ExaminedMember {
  readonly outcome: MemberOutcome;
  readonly ledger: Ledger;
}
