import type { Range } from '../bytes/range.ts';
import type { Format, KnownFormat } from '../formats/format.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Texture } from '../ledger/terms.ts';
import type { Mark } from '../signs/marks/family.ts';
import type { Pattern } from '../signs/pattern.ts';
import type { Transformation } from '../signs/transformations.ts';
import type { Zone } from '../signs/zones/zones.ts';

import type { KnownGood } from './known-good.ts';

/** What the bytes are, and what the name says they should be. */
export interface Identity {
  /** What the verifier that accounted for the bytes says they are; null if none could. */
  readonly format: KnownFormat | null;
  /** The format whose verifier that was: `zip` where `format` is a docx. */
  readonly verifier: Format | null;
  /** The format that the magic bytes name; null if they name none. */
  readonly magic: KnownFormat | null;
  /** What the name's extension promises, any of these; empty where it promises nothing. */
  readonly promised: readonly KnownFormat[];
  /** The last extension in lower case without dot; empty if there is none. */
  readonly extension: string;
  /** An extension put behind one that promises a type: `locked` in `report.docx.locked`. */
  readonly appended: string | null;
  /** Whether magic bytes and promise agree, or nothing speaks against it. */
  readonly asPromised: boolean;
}

/** Statistics over the whole file. */
export interface WholeFile {
  /** Shannon entropy in bits per byte, 0–8. */
  readonly entropy: number;
  /** Pearson's χ² against uniform, 255 degrees of freedom. */
  readonly chiSquare: number;
  /** Share of printable ASCII and white space, 0–1. */
  readonly printable: number;
  /** Share of zero bytes, 0–1. */
  readonly zero: number;
}

/** A range that can't be told from uniformly random bytes. */
export interface RandomRun extends Range {
  /** χ² of its bytes against uniform, 255 degrees of freedom. */
  readonly chiSquare: number;
}

/** All that is known of one file before it's judged. Plain facts, gathered without policy. */
export interface Evidence {
  readonly size: number;
  readonly identity: Identity;
  readonly texture: Texture;
  readonly ledger: Ledger;
  readonly wholeFile: WholeFile;
  /** Random runs among the bytes that no proof accounts for, in order. */
  readonly runs: readonly RandomRun[];
  /** Where ciphertext lies, if the file turns out to be encrypted; empty where nothing is wrong with it. */
  readonly zones?: readonly Zone[];
  /** What ciphers leave that don't give random bytes throughout, in ranges that no format accounts for. */
  readonly transformations: readonly Transformation[];
  /** What repeats from the first byte on; null if nothing does. */
  readonly pattern: Pattern | null;
  /** The longest run of zeros that the format neither demands nor sums up, in bytes: as long could a hole be. */
  readonly emptiness: number;
  /** The longest run, in bytes, for which contrast alone speaks and over which a repeating key wouldn't show. */
  readonly keyable?: number;
  /** What is known of families of ransomware, found in the name or the bytes. */
  readonly marks: readonly Mark[];
  /** Why the examination ended early; null if it didn't. */
  readonly stopped: string | null;
  /** What a known-good state says of the file; left out where there is none, or it says nothing. */
  readonly knownGood?: KnownGood;
}
