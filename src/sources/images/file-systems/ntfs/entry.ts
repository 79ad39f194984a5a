import { Broken } from '../../../../bytes/errors.ts';
import type { Range } from '../../../../bytes/range.ts';
import { BufferSource, type ByteSource } from '../../../../bytes/source.ts';
import type { Path } from '../../../folders/path.ts';
import type { Entry, Extent, Times } from '../../file-system.ts';
import { type Attribute, loadFile, type NtfsFile, reparseTag } from './file.ts';
import type { Ground } from './ground.ts';
import { u64 } from './little-endian.ts';
import { attributeValue } from './record.ts';
import type { Records } from './records.ts';
import { type ReparseKind, reparseKind } from './reparse.ts';
import { HOLE } from './runs.ts';
import type { Segment } from './segments.ts';
import { headOf, residentValue, runsOf, type StreamHead, segmentsOf, toExtents } from './stream.ts';
import { StreamSource } from './stream-source.ts';
import type { Found } from './walk.ts';

const CONTENTS = '' as Path;
const WOF = 0x80000017;
const WOF_STREAM = 'WofCompressedData';
const NO_HEAD: StreamHead = { size: 0, isResident: true, isEncrypted: false, compression: 'none' };

/** Where files of one volume are read from. */
export interface Origin {
  readonly ground: Ground;
  readonly records: Records;
}

/** One name of a file, or of one of its named streams. Keeps no record: it's read again when it's asked for. */
export class NtfsEntry implements Entry {
  readonly path: Path;
  readonly kind: Entry['kind'];
  readonly size: number;
  readonly id: number;
  readonly links: number;
  readonly times: Times;
  readonly allocated: boolean;
  readonly metadata: readonly Range[];
  readonly unreadable: string | null;
  readonly protection: string | null;
  readonly #origin: Origin;
  readonly #stream: Path;

  constructor(origin: Origin, found: Found, file: NtfsFile, stream: Path) {
    const head = headOfStream(file, stream);
    const reparse = reparseOf(file);
    this.#origin = origin;
    this.#stream = stream;
    this.path = stream === CONTENTS ? found.path : (`${found.path}:${stream}` as Path);
    this.kind = kindOf(found, file, stream, reparse);
    this.size = this.kind === 'folder' || this.kind === 'link' ? 0 : head.size;
    this.id = file.number;
    this.links = Math.max(1, file.names);
    this.times = file.times;
    this.allocated = file.isAllocated;
    this.metadata = file.metadata;
    this.unreadable = whyUnreadable(origin.ground, file, stream, head, reparse);
    this.protection = head.isEncrypted ? 'EFS' : null;
  }

  extents(): readonly Extent[] {
    return toExtents(this.segments());
  }

  open(): ByteSource {
    if (this.unreadable !== null) throw new Broken(this.metadata[0]?.start ?? 0, this.unreadable);
    const pieces = this.#pieces();
    if (pieces.length === 0) return new BufferSource(new Uint8Array(0));
    const first = pieces[0]!;
    if (headOf(pieces).isResident) return new BufferSource(residentValue(first).slice());
    return new StreamSource(this.#origin.ground.volume, this.segments());
  }

  /** Where the bytes stand, units of compression whole. @throws Broken, OverBudget */
  segments(): readonly Segment[] {
    const pieces = this.#pieces();
    return pieces.length === 0 ? [] : segmentsOf(this.#origin.ground, this.#origin.records, pieces);
  }

  #pieces(): readonly Attribute[] {
    if (this.kind === 'folder' || this.kind === 'link') return [];
    const { ground, records } = this.#origin;
    return loadFile(ground, records, this.id)?.streams.get(this.#stream) ?? [];
  }
}

/** The entry of a name, and those of the streams that its file has beside its contents. */
export function* entriesOf<T>(
  origin: Origin,
  found: Found,
  make: (origin: Origin, found: Found, file: NtfsFile, stream: Path) => T,
): Generator<T> {
  const { file } = found;
  if (file === null) return;
  yield make(origin, found, file, CONTENTS);
  for (const stream of file.streams.keys()) if (stream !== CONTENTS) yield make(origin, found, file, stream);
}

function headOfStream(file: NtfsFile, stream: Path): StreamHead {
  const pieces = file.streams.get(stream);
  return pieces === undefined || !isWholeAtStart(pieces[0]!) ? NO_HEAD : headOf(pieces);
}

/** Sizes stand in the piece that gives the first cluster. */
function isWholeAtStart({ record, at }: Attribute): boolean {
  return record[at + 8] === 0 || u64(record, at + 16) === 0;
}

function reparseOf(file: NtfsFile): ReparseKind | null {
  if (file.reparsePoint === null) return null;
  return reparseKind(reparseTag(file.reparsePoint) ?? 0);
}

function kindOf(found: Found, file: NtfsFile, stream: Path, reparse: ReparseKind | null): Entry['kind'] {
  const isContents = stream === CONTENTS;
  if (isContents && reparse !== null && reparse.kind !== 'elsewhere') return reparse.kind;
  if (isContents && file.isFolder) return 'folder';
  if (isContents && file.isSystem && isInterixLink(file)) return 'link';
  return found.isSystem ? 'special' : 'file';
}

/** Links that ntfs-3g, and Windows' older subsystem for Unix, keep as system files whose contents begin so. */
const INTERIX_LINK = Buffer.from('IntxLNK\x01', 'latin1');

function isInterixLink(file: NtfsFile): boolean {
  const piece = file.streams.get(CONTENTS)?.[0];
  const value = piece === undefined ? null : attributeValue(piece.record, piece.at);
  return value !== null && INTERIX_LINK.equals(value.subarray(0, INTERIX_LINK.length));
}

function whyUnreadable(
  ground: Ground,
  file: NtfsFile,
  stream: Path,
  head: StreamHead,
  reparse: ReparseKind | null,
): string | null {
  const pieces = file.streams.get(stream);
  const lost = file.lostStreams.get(stream) ?? (pieces === undefined ? file.lost : null);
  if (lost !== null) return lost;
  if (pieces === undefined) return null;
  if (!isWholeAtStart(pieces[0]!)) return file.lost ?? 'the record with the first of its clusters is lost';
  if (head.isEncrypted) return 'encrypted by its owner (EFS)';
  if (head.compression === 'unknown') return 'compressed by a method that is not known';
  return reparse?.kind === 'elsewhere' ? whyElsewhere(ground, file, stream, pieces, reparse) : null;
}

/** Files that were fetched back keep the reparse point, but have all of their clusters. */
function whyElsewhere(
  ground: Ground,
  file: NtfsFile,
  stream: Path,
  pieces: readonly Attribute[],
  reparse: ReparseKind,
): string | null {
  const isPacked = reparse.tag === WOF && file.streams.has(WOF_STREAM as Path);
  if (stream === WOF_STREAM && reparse.tag === WOF)
    return 'holds what Windows compressed (WOF), which is not decoded';
  if (stream !== CONTENTS || headOf(pieces).isResident) return null;
  return isPacked || hasHole(ground, pieces) ? reparse.text : null;
}

function hasHole(ground: Ground, pieces: readonly Attribute[]): boolean {
  try {
    return headOf(pieces).compression === 'none' && runsOf(ground, pieces).places.includes(HOLE);
  } catch (error) {
    if (error instanceof Broken) return true;
    throw error;
  }
}
