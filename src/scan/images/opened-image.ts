import type { Range } from '../../bytes/range.ts';
import type { Notice } from '../../sources/images/container.ts';
import type { Entry } from '../../sources/images/file-system.ts';
import { salvagers } from '../../sources/images/file-systems/table.ts';
import { type Image, type ImageVolume, type Wrap, withVolumes } from '../../sources/images/open-image.ts';
import { damageOf } from './damage-ranges.ts';
import { EntryReporter } from './entry-report.ts';
import type { HitMap, ImageSettings } from './image-task.ts';
import { Listing } from './listing.ts';

/** What gives the entries of a volume: its file system, or a search for what stands in a damaged one. */
interface Contents {
  readonly id: string;
  readonly notices: readonly Notice[];
  entries(): Iterable<Entry>;
}

/** A volume whose entries are listed and examined. */
export interface OpenedVolume {
  readonly image: Image;
  readonly volume: ImageVolume;
  /** `ntfs`, `ext4`. */
  readonly id: string;
  /** Grows while entries are listed. */
  readonly notices: readonly Notice[];
  readonly reporter: EntryReporter;
  /** Planning runs ahead of examining: each has a place of its own in the list. */
  readonly planned: Listing<Entry>;
  readonly examined: Listing<Entry>;
}

/** An image that a worker has open, with how far it listed the volumes. */
export class OpenedImage {
  readonly image: Image;
  readonly settings: ImageSettings;
  /** Null where nobody said that the image was hit. */
  readonly damage: HitMap | null;
  readonly #volumes = new Map<number, OpenedVolume | null>();

  constructor(image: Image, settings: ImageSettings, damage: HitMap | null, wrap?: Wrap) {
    this.image =
      damage === null || damage.volumes === null ? image : withVolumes(image, damage.volumes, wrap);
    this.settings = settings;
    this.damage = damage;
  }

  /** Null where the volume has no entries that can be listed. */
  volume(number: number): OpenedVolume | null {
    let opened = this.#volumes.get(number);
    if (opened === undefined) {
      opened = this.#open(this.image.volumes[number]!);
      this.#volumes.set(number, opened);
    }
    return opened;
  }

  #open(volume: ImageVolume): OpenedVolume | null {
    const contents =
      this.damage === null ? this.#readable(volume) : this.#salvaged(volume, this.damage.ranges);
    if (contents === null) return null;
    return {
      image: this.image,
      volume,
      id: contents.id,
      notices: contents.notices,
      reporter: new EntryReporter(this.image, volume, contents.id, this.settings),
      planned: new Listing(() => contents.entries()),
      examined: new Listing(() => contents.entries()),
    };
  }

  #readable({ content }: ImageVolume): Contents | null {
    if (content.kind !== 'files') return null;
    const { fileSystem } = content;
    const { deleted } = this.settings;
    return { id: fileSystem.id, notices: fileSystem.notices, entries: () => fileSystem.entries({ deleted }) };
  }

  #salvaged({ source, volume }: ImageVolume, packed: Float64Array): Contents | null {
    const damage: readonly Range[] = damageOf(volume, packed);
    const salvager = salvagers.find((one) => one.recognise(source, damage));
    if (salvager === undefined) return null;
    const { notices, entries } = salvager.salvage(source, damage);
    let first: Iterable<Entry> | null = entries;
    const next = () => {
      const given = first ?? salvager.salvage(source, damage).entries;
      first = null;
      return given;
    };
    return { id: salvager.id, notices, entries: next };
  }
}
