import { BeatingSource } from '../../bytes/beating-source.ts';
import type { ByteSource } from '../../bytes/source.ts';
import type { Path } from '../../sources/folders/path.ts';
import { openImageAt } from '../../sources/images/open-image.ts';
import type { HitMap, ImageSettings } from './image-task.ts';
import { OpenedImage } from './opened-image.ts';

/** Images that a worker keeps open: batches of one follow each other, those of the next begin meanwhile. */
const MOST_OPEN = 2;

/** The images of one worker, the ones used last. */
export class OpenedImages {
  readonly #opened = new Map<Path, OpenedImage>();

  /** Of the task at hand: an image stays open from one to the next. */
  #beat: () => void = () => {};

  /**
   * @param beat called for each read, as a sign of life: to list a large volume takes its time
   * @throws as `openImage`
   */
  get(path: Path, settings: ImageSettings, damage: HitMap | null, beat: () => void): OpenedImage {
    this.#beat = beat;
    let opened = this.#opened.get(path);
    if (opened === undefined || opened.damage?.ranges.length !== damage?.ranges.length) {
      opened?.image.close();
      opened = new OpenedImage(openImageAt(path, {}, this.#wrap), settings, damage, this.#wrap);
    }
    this.#opened.delete(path);
    this.#opened.set(path, opened);
    if (this.#opened.size > MOST_OPEN) this.#closeOldest();
    return opened;
  }

  readonly #wrap = (volume: ByteSource): ByteSource => new BeatingSource(volume, () => this.#beat());

  #closeOldest(): void {
    for (const [path, { image }] of this.#opened) {
      this.#opened.delete(path);
      image.close();
      return;
    }
  }
}
