import type { Path } from '../../sources/folders/path.ts';
import { openImageAt } from '../../sources/images/open-image.ts';
import type { HitMap, ImageSettings } from './image-task.ts';
import { OpenedImage } from './opened-image.ts';

/** Images that a worker keeps open: batches of one follow each other, those of the next begin meanwhile. */
const MOST_OPEN = 2;

/** The images of one worker, the ones used last. */
export class OpenedImages {
  readonly #opened = new Map<Path, OpenedImage>();

  /** @throws as `openImage` */
  get(path: Path, settings: ImageSettings, damage: HitMap | null): OpenedImage {
    let opened = this.#opened.get(path);
    if (opened === undefined || opened.damage?.ranges.length !== damage?.ranges.length) {
      opened?.image.close();
      opened = new OpenedImage(openImageAt(path), settings, damage);
    }
    this.#opened.delete(path);
    this.#opened.set(path, opened);
    if (this.#opened.size > MOST_OPEN) this.#closeOldest();
    return opened;
  }

  #closeOldest(): void {
    for (const [path, { image }] of this.#opened) {
      this.#opened.delete(path);
      image.close();
      return;
    }
  }
}
