import { Broken } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import { BufferSource, type ByteSource, SliceSource } from '../../bytes/source.ts';
import { ContinuedSource } from '../../checks/continued-source.ts';
import { crc32 } from '../../checks/crc32.ts';
import { drain } from '../../checks/pieces.ts';
import { Keep } from '../../checks/unpack.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context } from '../format.ts';
import { examineMember } from '../member.ts';
import { accountDecoded } from '../stored-parts.ts';
import type { NamedStream } from './files.ts';
import { unpackFolder } from './folder.ts';
import { type Folder, unpackSize } from './streams.ts';

export interface ContentPlace {
  readonly reader: Reader;
  readonly ledger: Ledger;
  readonly context: Context;
}

/**
 * Unpacks a folder once, compares the CRC-32 of each file in it, and examines each as soon as it is complete; large
 * ones are unpacked again for that, at the end.
 * @throws Broken, Truncated, OverBudget
 */
export function verifyFolder(
  place: ContentPlace,
  folder: Folder,
  packed: readonly Range[],
  streams: readonly NamedStream[],
): void {
  const splitter = new Splitter(place, packed, streams);
  drain(unpackFolder(place.reader, folder, packed), (piece) => splitter.add(piece));
  splitter.finish();
  const proof = proofOf(folder, streams);
  for (const { start, end } of packed) {
    if (proof === null) accountDecoded(place.ledger, { start, end }, [], '7z stream without CRC-32');
    else place.ledger.account(start, end, 'checksum', proof);
  }
  if (splitter.large.length > 0) examineLarge(place, folder, packed, splitter.large);
}

/** Sums of all files, or one of the whole. */
function proofOf(folder: Folder, streams: readonly NamedStream[]): string | null {
  if (streams.length > 0 && streams.every(({ digest }) => digest !== null)) return 'CRC-32 of every file';
  return folder.digest === null ? null : 'CRC-32 of the folder';
}

/** A file whose bytes were too many to be kept. */
interface LargeFile {
  readonly name: string;
  readonly start: number;
  readonly size: number;
}

class Splitter {
  readonly large: LargeFile[] = [];
  readonly #place: ContentPlace;
  readonly #range: Range;
  readonly #streams: readonly NamedStream[];
  #index = 0;
  #left: number;
  #produced = 0;
  #sum = 0;
  #keep = new Keep();

  constructor(place: ContentPlace, packed: readonly Range[], streams: readonly NamedStream[]) {
    this.#place = place;
    this.#range = { start: packed[0]?.start ?? 0, end: packed.at(-1)?.end ?? 0 };
    this.#streams = streams;
    this.#left = streams[0]?.size ?? 0;
  }

  add(piece: Uint8Array): void {
    let at = 0;
    this.#closeEmpty();
    while (at < piece.length) {
      if (this.#index >= this.#streams.length) throw new Broken(this.#range.start, 'size of a 7z folder');
      const part = piece.subarray(at, at + this.#left);
      this.#sum = crc32(part, this.#sum);
      this.#keep.add(part);
      this.#left -= part.length;
      at += part.length;
      this.#produced += part.length;
      this.#closeEmpty();
    }
  }

  finish(): void {
    this.#closeEmpty();
    if (this.#index === this.#streams.length) return;
    throw new Broken(this.#range.start, 'size of a 7z folder', `${this.#left} more bytes`, 'its end');
  }

  #closeEmpty(): void {
    while (this.#left === 0 && this.#index < this.#streams.length) this.#close(this.#streams[this.#index]!);
  }

  #close({ name, size, digest }: NamedStream): void {
    if (digest !== null && digest !== this.#sum) {
      throw new Broken(this.#range.start, `CRC-32 of ${name}`, digest, this.#sum);
    }
    const bytes = this.#keep.bytes();
    if (bytes === null) this.large.push({ name, size, start: this.#produced - size });
    else if (size > 0) examine(this.#place, name, new BufferSource(bytes), this.#range);
    this.#index++;
    this.#left = this.#streams[this.#index]?.size ?? 0;
    this.#sum = 0;
    this.#keep = new Keep();
  }
}

function examine({ ledger, context }: ContentPlace, name: string, source: ByteSource, range: Range): void {
  examineMember(context, ledger, name, source, range);
}

function examineLarge(
  place: ContentPlace,
  folder: Folder,
  packed: readonly Range[],
  files: readonly LargeFile[],
): void {
  const range = { start: packed[0]!.start, end: packed.at(-1)!.end };
  const whole = new ContinuedSource(unpackSize(folder), () => unpackFolder(place.reader, folder, packed));
  for (const { name, start, size } of files) {
    examine(place, name, new SliceSource(whole, start, start + size), range);
  }
  whole.close();
}
