import type { Path } from '../../../folders/path.ts';
import { isFolderName, parseFileName, statedSize } from './name.ts';

/** A name whose record is lost, as the index of its folder has it. */
export interface IndexedName {
  readonly name: Path;
  readonly number: number;
  readonly sequence: number;
  readonly parent: number;
  readonly parentSequence: number;
  readonly isFolder: boolean;
  /** Bytes, often stale. */
  readonly size: number;
}

/** What the $FILE_NAME says of the file in the record `number`. */
export function toIndexed(value: Uint8Array, number: number, sequence: number): IndexedName {
  const { name, parent, parentSequence } = parseFileName(value);
  return {
    name,
    number,
    sequence,
    parent,
    parentSequence,
    isFolder: isFolderName(value),
    size: statedSize(value),
  };
}

const NONE = -1;
/** Attributes begin at multiples of 8, so that this bit of their offset is free. */
const TAKEN = 1;

/**
 * Which names stand in which folder. Volumes have millions of names, so that each costs ten bytes here: where its
 * $FILE_NAME stands, and the next name of the same folder. The names themselves are read when they are asked for.
 */
export class NameTree {
  count = 0;
  readonly indexed: IndexedName[] = [];
  #next = new Int32Array(1024);
  /** The record that holds the name; below zero, a name of `indexed`. */
  #holders = new Int32Array(1024);
  #offsets = new Uint16Array(1024);
  /** The latest name of each folder that isn't taken yet. */
  readonly #latest = new Map<number, number>();

  /** The $FILE_NAME at `offset` of the record `holder` names an entry of the folder `parent`. */
  add(parent: number, holder: number, offset: number): void {
    if (this.count === this.#next.length) this.#grow();
    this.#next[this.count] = this.#latest.get(parent) ?? NONE;
    this.#holders[this.count] = holder;
    this.#offsets[this.count] = offset;
    this.#latest.set(parent, this.count++);
  }

  addIndexed(name: IndexedName): void {
    this.indexed.push(name);
    this.add(name.parent, -this.indexed.length, 0);
  }

  /** The names of a folder in the order in which they were added, as a chain to follow by `next`; −1 without any. */
  takeFolder(parent: number): number {
    let name = this.#latest.get(parent) ?? NONE;
    this.#latest.delete(parent);
    let before = NONE;
    while (name !== NONE) {
      const next = this.#next[name]!;
      this.#next[name] = before;
      before = name;
      name = next;
    }
    return before;
  }

  next(name: number): number {
    return this.#next[name]!;
  }

  /** Marks a name as told. */
  take(name: number): void {
    this.#offsets[name]! |= TAKEN;
  }

  isTaken(name: number): boolean {
    return (this.#offsets[name]! & TAKEN) !== 0;
  }

  holder(name: number): number {
    return this.#holders[name]!;
  }

  offset(name: number): number {
    return this.#offsets[name]! & ~TAKEN;
  }

  indexedAt(holder: number): IndexedName {
    return this.indexed[-1 - holder]!;
  }

  #grow(): void {
    const length = 2 * this.#next.length;
    const [next, holders, offsets] = [
      new Int32Array(length),
      new Int32Array(length),
      new Uint16Array(length),
    ];
    next.set(this.#next);
    holders.set(this.#holders);
    offsets.set(this.#offsets);
    [this.#next, this.#holders, this.#offsets] = [next, holders, offsets];
  }
}
