import type { Range } from '../../../../bytes/range.ts';
import type { Path } from '../../../folders/path.ts';
import type { Times } from '../../file-system.ts';
import { reasonOf } from '../notice-list.ts';
import { type ListEntry, readAttributeList } from './attribute-list.ts';
import type { Ground } from './ground.ts';
import { fileTime, u32, u48, u64 } from './little-endian.ts';
import { fileNameAt, isShort, toPath } from './name.ts';
import {
  attributeName,
  attributeValue,
  endsWell,
  firstAttribute,
  isBase,
  isFolder,
  isInUse,
  nextAttribute,
  sequenceOf,
  typeOf,
  types,
} from './record.ts';
import type { Records } from './records.ts';

/** An attribute, or a piece of one that is spread over records. */
export interface Attribute {
  readonly record: Uint8Array;
  readonly number: number;
  /** Offset in the record. */
  readonly at: number;
}

/** One file: what its base record and the records that extend it say. */
export interface NtfsFile {
  readonly number: number;
  readonly sequence: number;
  readonly isFolder: boolean;
  readonly isAllocated: boolean;
  /** Has the attribute of a system file. */
  readonly isSystem: boolean;
  /** Names, without the short ones for DOS unless it has no other. */
  readonly names: number;
  readonly hasLongName: boolean;
  /** $DATA by name, each in order of its clusters; the contents have the name ``. */
  readonly streams: ReadonlyMap<Path, readonly Attribute[]>;
  /** Attributes of the index of a folder's names. */
  readonly index: readonly Attribute[];
  /** Null without one. */
  readonly reparsePoint: Attribute | null;
  readonly times: Times;
  /** Records, and the clusters of the attribute list. */
  readonly metadata: readonly Range[];
  /** Why streams of these names lack pieces. */
  readonly lostStreams: ReadonlyMap<Path, string>;
  /** Why any attribute may be missing. */
  readonly lost: string | null;
}

/** FILE_ATTRIBUTE_SYSTEM. */
const SYSTEM = 4;
const NO_TIMES: Times = { modified: null, accessed: null, changed: null, created: null };
/** Records that may hold one file's attributes: a list of the greatest size names no more. */
const MOST_RECORDS = 10_000;
/** Of these, lost ones, after which the list is taken for nonsense. */
const MOST_LOST = 64;

/** The file whose base record is `number`; null where that isn't one. */
export function loadFile(ground: Ground, records: Records, number: number): NtfsFile | null {
  const record = records.record(number);
  if (record === null || !isBase(record)) return null;
  return new Collector(ground, records, number, record).collect();
}

class Collector {
  readonly #ground: Ground;
  readonly #records: Records;
  readonly #number: number;
  readonly #record: Uint8Array;
  #longNames = 0;
  #shortNames = 0;
  readonly #streams = new Map<Path, Attribute[]>();
  readonly #index: Attribute[] = [];
  readonly #metadata: Range[];
  readonly #lostStreams = new Map<Path, string>();
  #times = NO_TIMES;
  #isSystem = false;
  #reparsePoint: Attribute | null = null;
  #list: Attribute | null = null;
  #lost: string | null = null;

  constructor(ground: Ground, records: Records, number: number, record: Uint8Array) {
    this.#ground = ground;
    this.#records = records;
    this.#number = number;
    this.#record = record;
    this.#metadata = records.place(number);
  }

  collect(): NtfsFile {
    this.#addRecord(this.#record, this.#number);
    if (this.#list !== null) this.#followList(this.#list);
    for (const pieces of this.#streams.values()) if (pieces.length > 1) pieces.sort(byFirstCluster);
    return {
      number: this.#number,
      sequence: sequenceOf(this.#record),
      isFolder: isFolder(this.#record),
      isAllocated: isInUse(this.#record),
      isSystem: this.#isSystem,
      names: this.#longNames || this.#shortNames,
      hasLongName: this.#longNames > 0,
      streams: this.#streams,
      index: this.#index,
      reparsePoint: this.#reparsePoint,
      times: this.#times,
      metadata: this.#metadata,
      lostStreams: this.#lostStreams,
      lost: this.#lost,
    };
  }

  #addRecord(record: Uint8Array, number: number): void {
    let last = -1;
    for (let at = firstAttribute(record); at > 0; at = nextAttribute(record, at)) {
      this.#addAttribute({ record, number, at });
      last = at;
    }
    if (!endsWell(record, last))
      this.#lost = `the attributes of record ${number} don't end where they should`;
  }

  #addAttribute(attribute: Attribute): void {
    const { record, at } = attribute;
    const type = typeOf(record, at);
    if (type === types.data) this.#addData(attribute);
    else if (type === types.fileName) this.#addName(attribute);
    else if (type === types.standardInformation) this.#addStandard(attribute);
    else if (type === types.attributeList) this.#list = attribute;
    else if (type === types.reparsePoint) this.#reparsePoint = attribute;
    else if (type >= types.indexRoot && type <= types.bitmap) this.#index.push(attribute);
  }

  #addStandard({ record, at }: Attribute): void {
    const value = attributeValue(record, at);
    if (value === null || value.length < 36) return;
    this.#times = timesOf(value);
    this.#isSystem = (value[32]! & SYSTEM) !== 0;
  }

  #addName({ record, at, number }: Attribute): void {
    const value = fileNameAt(record, at);
    if (value === null) this.#lost = `a name in record ${number} isn't whole`;
    else if (isShort(value)) this.#shortNames++;
    else this.#longNames++;
  }

  #addData(attribute: Attribute): void {
    const name = attributeName(attribute.record, attribute.at);
    if (name === null) {
      this.#lost = `a stream's name in record ${attribute.number} isn't whole`;
      return;
    }
    const key = toStreamName(name);
    const pieces = this.#streams.get(key);
    if (pieces === undefined) this.#streams.set(key, [attribute]);
    else pieces.push(attribute);
  }

  #followList({ record, at }: Attribute): void {
    try {
      const { entries, places } = readAttributeList(this.#ground, record, at);
      this.#metadata.push(...places);
      this.#followEntries(entries);
    } catch (error) {
      this.#lost = `its attribute list can't be read: ${reasonOf(error)}`;
    }
  }

  #followEntries(entries: readonly ListEntry[]): void {
    let lost = 0;
    const seen = new Map<number, boolean>([[this.#number, true]]);
    for (const entry of entries) {
      if (seen.size > MOST_RECORDS || lost > MOST_LOST) break;
      const isFound = seen.get(entry.record) ?? this.#addExtension(entry);
      seen.set(entry.record, isFound);
      if (isFound) continue;
      this.#lose(entry);
      lost++;
    }
  }

  #addExtension({ record: number, sequence }: ListEntry): boolean {
    const record = this.#records.record(number);
    if (record === null || sequenceOf(record) !== sequence || !isInUse(record)) return false;
    if (u48(record, 32) !== this.#number) return false;
    this.#metadata.push(...this.#records.place(number));
    this.#addRecord(record, number);
    return true;
  }

  #lose({ type, name, record }: ListEntry): void {
    this.#lost = `record ${record}, which holds a part of it, is lost`;
    if (type === types.data) this.#lostStreams.set(toStreamName(name), this.#lost);
  }
}

function toStreamName(utf16: Uint8Array): Path {
  return utf16.length === 0 ? ('' as Path) : toPath(utf16);
}

function byFirstCluster(a: Attribute, b: Attribute): number {
  return firstClusterOf(a) - firstClusterOf(b);
}

function firstClusterOf({ record, at }: Attribute): number {
  return record[at + 8] === 0 ? 0 : u64(record, at + 16);
}

function timesOf(information: Uint8Array): Times {
  return {
    created: fileTime(information, 0),
    modified: fileTime(information, 8),
    changed: fileTime(information, 16),
    accessed: fileTime(information, 24),
  };
}

/** The tag of a reparse point; null where it's neither resident nor whole. */
export function reparseTag({ record, at }: Attribute): number | null {
  const value = attributeValue(record, at);
  return value === null || value.length < 8 ? null : u32(value, 0);
}
