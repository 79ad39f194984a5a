import { Broken } from '../../../../bytes/errors.ts';
import { type Range, union } from '../../../../bytes/range.ts';
import { Reader } from '../../../../bytes/reader.ts';
import type { EwfSection } from '../../../../formats/ewf/section.ts';
import type { Container, ContainerFormat, ImageFile, Notice, Siblings, StoredHash } from '../../container.ts';
import { MappedContainer } from '../../mapped-container.ts';
import { readAcquisition, readHashes } from './description.ts';
import { EwfLayer } from './layer.ts';
import { listSections } from './sections.ts';
import { EVF, findSegments } from './segments.ts';
import { listTables, placeTables, type TableOrGap } from './spans.ts';
import { readUnread } from './unread.ts';
import { type EwfVolume, readEwfVolume } from './volume.ts';

/** Files of logical evidence and of version 2: known by their first bytes, not read. */
const OTHERS: Readonly<Record<string, string>> = {
  LVF: 'logical evidence (L01)',
  EVF2: 'EWF 2 (Ex01)',
  LEF2: 'EWF 2 (Lx01)',
};

export const ewf: ContainerFormat = {
  id: 'ewf',
  title: 'EnCase and SMART image',
  spec: 'libewf, Expert Witness Compression Format',
  recognise(source) {
    const reader = new Reader(source);
    return reader.has(0, EVF) || nameOther(reader) !== null;
  },
  open: openEwf,
};

function nameOther(reader: Reader): string | null {
  if (reader.has(0, 'LVF\t\r\n\xff\0')) return OTHERS.LVF!;
  const start = reader.latin1(0, Math.min(4, reader.size));
  return reader.has(4, '\r\n\x81\0') ? (OTHERS[start] ?? null) : null;
}

function openEwf(image: ImageFile, siblings: Siblings): Container {
  const other = nameOther(new Reader(image.source));
  if (other !== null) throw new Broken(0, 'version of EWF', 'EWF 1 (E01, s01)', other);
  const segments = findSegments(image, siblings);
  const contents = new EwfContents();
  for (const [i, file] of segments.files.entries()) contents.addSegment(i, file);
  return contents.build(segments.files, segments.notices);
}

/** What the sections of all segments say together. */
class EwfContents {
  readonly #notices: Notice[] = [];
  readonly #tables: TableOrGap[] = [];
  readonly #hashes = new Map<string, StoredHash>();
  readonly #unread: { readonly reader: Reader; readonly section: Range }[] = [];
  #volume: EwfVolume | null = null;
  /** The run of missing segments that was seen last. */
  #firstMissing = -1;
  #missing = -1;
  #facts = new Map<string, string>();

  addSegment(index: number, file: ImageFile | null): void {
    if (file === null) {
      if (this.#missing === index - 1 && index > 0) this.#tables.pop();
      else this.#firstMissing = index;
      this.#missing = index;
      this.#tables.push({ gap: describeMissing(this.#firstMissing, index) });
      return;
    }
    const reader = new Reader(file.source);
    const { sections, damage } = listSections(reader);
    for (const text of damage) this.#warn(`segment ${index + 1}: ${text}`);
    const tables = listTables(reader, index, sections);
    // What a broken chain hid can't be told from what never was there.
    if (damage.length > 0 && tables.length === 0)
      this.#tables.push({ gap: `segment ${index + 1} is damaged` });
    this.#tables.push(...tables);
    for (const section of sections) this.#addSection(reader, section);
  }

  build(segments: readonly (ImageFile | null)[], notices: readonly Notice[]): Container {
    const volume = this.#volume;
    if (volume === null) throw new Broken(0, 'section volume', 'a sound one', 'none');
    const placed = placeTables(this.#tables, volume.chunkCount);
    const unread = union(
      this.#unread.flatMap(({ reader, section }) => readUnread(reader, section, volume.sector)),
    );
    const files = segments.filter((file) => file !== null);
    this.#facts.set('segments', String(files.length));
    this.#facts.set('chunk size', `${volume.chunk} bytes`);
    for (const { algorithm, hex } of this.#hashes.values())
      this.#facts.set(`stored ${algorithm.toUpperCase()}`, hex);
    if (unread.length > 0) this.#warn(`${unread.length} ranges couldn't be read when the disk was acquired`);
    return new MappedContainer({
      id: ewf.id,
      title: ewf.title,
      files,
      layer: new EwfLayer(volume, segments, placed.spans, unread),
      parent: null,
      sectorSize: volume.sector,
      hashes: [...this.#hashes.values()],
      facts: this.#facts,
      notices: [...notices, ...this.#notices, ...placed.notices],
      protection: null,
    });
  }

  #addSection(reader: Reader, section: EwfSection): void {
    try {
      this.#readSection(reader, section);
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      this.#warn(`section ${section.type}: ${error.message}`);
    }
  }

  #readSection(reader: Reader, section: EwfSection): void {
    const { type, start, end } = section;
    if (end - start < 5) return;
    if (['volume', 'disk', 'data'].includes(type)) this.#volume ??= readEwfVolume(reader, section);
    if (type === 'header' || type === 'header2') {
      for (const [key, value] of readAcquisition(reader, section)) this.#facts.set(key, value);
    }
    if (type === 'error2') this.#unread.push({ reader, section });
    if (type !== 'hash' && type !== 'digest') return;
    for (const hash of readHashes(reader, section)) this.#hashes.set(hash.algorithm, hash);
  }

  #warn(text: string): void {
    this.#notices.push({ level: 'wrong', text });
  }
}

function describeMissing(first: number, last: number): string {
  return first === last
    ? `segment ${first + 1} is missing`
    : `segments ${first + 1} to ${last + 1} are missing`;
}
