import { Broken } from '../../../../bytes/errors.ts';
import { type Range, totalLength } from '../../../../bytes/range.ts';
import { Reader } from '../../../../bytes/reader.ts';
import { SliceSource } from '../../../../bytes/source.ts';
import type { Notice } from '../../container.ts';
import type { Volume } from '../../volumes.ts';
import { type Config, type ConfigValue, parseConfig } from './config.ts';
import { type PhysicalVolume, readPhysicalVolume } from './label.ts';

const SECTOR = 512;
const MOST_SEGMENTS = 100_000;

export interface LvmResult {
  /** The volumes, physical ones of LVM replaced by the logical ones that are on them. */
  readonly volumes: readonly Volume[];
  readonly notices: readonly Notice[];
}

/** A physical volume on this disk. */
interface Found {
  readonly volume: Volume;
  readonly physical: PhysicalVolume;
}

/** Looks into physical volumes of LVM2. Those whose description is broken stay as they are. */
export function expandLvm(reader: Reader, volumes: readonly Volume[]): LvmResult {
  const notices: Notice[] = [];
  const found = volumes.flatMap((volume) => tryVolume(reader, volume, notices) ?? []);
  if (found.length === 0) return { volumes, notices };
  const byUuid = new Map(found.map((one) => [one.physical.uuid, one] as const));
  // All physical volumes of a group describe the whole group.
  const texts = new Set(found.map(({ physical }) => physical.text));
  const logical = [...texts].flatMap((text) => tryGroups(text, byUuid, notices));
  const physical = new Set(found.map(({ volume }) => volume));
  return { volumes: [...volumes.filter((volume) => !physical.has(volume)), ...logical], notices };
}

function tryVolume(reader: Reader, volume: Volume, notices: Notice[]): Found | null {
  try {
    const inside = new Reader(new SliceSource(reader.source, volume.start, volume.end));
    const physical = readPhysicalVolume(inside);
    return physical === null ? null : { volume, physical };
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    notices.push({ level: 'wrong', text: `LVM in ${volume.name || 'the disk'}: ${error.message}` });
    return null;
  }
}

function tryGroups(text: string, found: ReadonlyMap<string, Found>, notices: Notice[]): Volume[] {
  try {
    return Object.entries(parseConfig(text)).flatMap(([name, group]) =>
      isSection(group) && isSection(group.logical_volumes)
        ? new Group(name, group, found, notices).volumes(group.logical_volumes)
        : [],
    );
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    notices.push({ level: 'wrong', text: `LVM: ${error.message}` });
    return [];
  }
}

class Group {
  readonly #name: string;
  readonly #extent: number;
  readonly #physical: ConfigValue | undefined;
  readonly #found: ReadonlyMap<string, Found>;
  readonly #notices: Notice[];

  constructor(name: string, group: Config, found: ReadonlyMap<string, Found>, notices: Notice[]) {
    this.#name = name;
    this.#extent = numberOf(group.extent_size) * SECTOR;
    this.#physical = group.physical_volumes;
    this.#found = found;
    this.#notices = notices;
  }

  volumes(sections: Config): Volume[] {
    return Object.entries(sections).flatMap(([name, section]) => {
      const isVisible =
        isSection(section) && Array.isArray(section.status) && section.status.includes('VISIBLE');
      return isVisible ? (this.#tryVolume(name, section) ?? []) : [];
    });
  }

  #tryVolume(name: string, section: Config): Volume | null {
    const full = `${this.#name}-${name}`;
    try {
      const parts = this.#partsOf(section);
      const { start } = parts[0]!;
      const { end } = parts.at(-1)!;
      return { name: full, type: 'LVM2 logical volume', label: name, start, end, parts };
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      this.#notices.push({ level: 'wrong', text: `logical volume ${full} isn't read: ${error.message}` });
      return null;
    }
  }

  /** Segments in order; each must go on where the one before ends. */
  #partsOf(section: Config): Range[] {
    const segments = Object.values(section).filter(
      (value) => isSection(value) && 'start_extent' in value,
    ) as Config[];
    segments.sort((a, b) => numberOf(a.start_extent) - numberOf(b.start_extent));
    if (segments.length === 0 || segments.length > MOST_SEGMENTS)
      throw new Broken(0, 'segments', '1 or more', segments.length);
    const parts: Range[] = [];
    for (const segment of segments) {
      const expected = numberOf(segment.start_extent) * this.#extent;
      if (totalLength(parts) !== expected)
        throw new Broken(0, 'first extent of a segment', totalLength(parts), expected);
      parts.push(this.#partOf(segment));
    }
    return parts;
  }

  /** One stripe is linear; more aren't put together here. */
  #partOf(segment: Config): Range {
    const { type, stripe_count: count, stripes } = segment;
    if ((type !== 'striped' && type !== 'linear') || count !== 1 || !Array.isArray(stripes)) {
      throw new Broken(0, 'type of a segment', 'linear', `${type}, ${String(count)} stripes`);
    }
    const [name, first] = stripes as readonly (string | number)[];
    const start = this.#placeOf(String(name), numberOf(first));
    const end = start.at + numberOf(segment.extent_count) * this.#extent;
    if (!(end > start.at && end <= start.end))
      throw new Broken(start.at, 'segment', 'on its physical volume', end);
    return { start: start.at, end };
  }

  #placeOf(name: string, extent: number): { readonly at: number; readonly end: number } {
    const physical = isSection(this.#physical) ? this.#physical[name] : undefined;
    if (!isSection(physical)) throw new Broken(0, 'physical volume', 'one of the group', name);
    const found = this.#found.get(String(physical.id).replaceAll('-', ''));
    if (found === undefined) throw new Broken(0, `physical volume ${name}`, 'on this disk', 'on another');
    const { start, end } = found.volume;
    return { at: start + numberOf(physical.pe_start) * SECTOR + extent * this.#extent, end };
  }
}

function isSection(value: ConfigValue | undefined): value is Config {
  return typeof value === 'object' && !Array.isArray(value);
}

/** @throws Broken */
function numberOf(value: ConfigValue | undefined): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new Broken(0, 'description of an LVM group', 'a number', String(value));
}
