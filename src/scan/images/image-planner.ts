import type { FileEntry } from '../../sources/folders/entry.ts';
import type { Path } from '../../sources/folders/path.ts';
import type { Crew, Failed } from '../crew.ts';
import type { Work } from '../work.ts';
import { mayBeImage, mayBePart } from './image-names.ts';
import type {
  Damage,
  ImageChoices,
  ImageJob,
  ImageSettings,
  ImageTask,
  NoImage,
  Opened,
  OpenedVolumeFacts,
} from './image-task.ts';
import { unreadWork } from './image-work.ts';

type TaskFor = (job: ImageJob) => Omit<ImageTask, 'pulse'>;

/** Divides the work on images. It waits for the workers, which open and list; nothing of an image is read here. */
export class ImagePlanner {
  readonly #crew: Crew;
  readonly #choices: ImageChoices;
  readonly #found: (files: number, bytes: number) => void;
  /** Files that hold images which were opened under other names, with these names. */
  readonly #parts = new Map<string, Path>();

  constructor(crew: Crew, choices: ImageChoices, found: (files: number, bytes: number) => void) {
    this.#crew = crew;
    this.#choices = choices;
    this.#found = found;
  }

  /** Whether the file's turn comes at the end, when it's known which images it belongs to. */
  mayBePart({ path }: FileEntry): boolean {
    return this.#choices.inFolders && !this.#choices.named.has(path) && mayBePart(path);
  }

  /** The image that the file is a part of; null if there's none. */
  wholeOf({ path }: FileEntry): Path | null {
    return this.#parts.get(plain(path)) ?? null;
  }

  mayBeImage({ path, size }: FileEntry): boolean {
    const { inFolders, named } = this.#choices;
    return size > 0 && (named.has(path) || (inFolders && mayBeImage(path, size)));
  }

  /** Gives the work on an image, and whether the file is one; if not, it's to be examined as any other. */
  async *plan({ path }: FileEntry): AsyncGenerator<Work, boolean> {
    const settings = this.#settingsFor(path);
    const mapped = settings.hit ? await this.#mapDamage(path, settings) : null;
    const damage = mapped !== null && 'map' in mapped ? mapped.map : null;
    const task: TaskFor = (job) => ({ image: path, settings, damage, job });
    const opened = await this.#crew.workOnImage(task({ kind: 'open' }));
    if ('failedAt' in opened) yield unreadWork(path, `it could not be opened as a disk image: ${opened.why}`);
    else if (opened.kind === 'no image' && opened.why !== null)
      yield unreadWork(path, `it could not be opened as a disk image: ${opened.why}`);
    else if (opened.kind === 'opened') {
      if (damage === null && settings.hit) yield unreadWork(path, whyNoDamage(mapped));
      yield* this.#planVolumes(opened, task);
      return true;
    }
    return false;
  }

  /** Null where none is found: an image without encrypted ranges is read as any other. */
  async #mapDamage(image: Path, settings: ImageSettings): Promise<Damage | Failed | NoImage | null> {
    const job = { kind: 'map damage', given: settings.damage } as const;
    const mapped = await this.#crew.workOnImage({ image, settings, damage: null, job });
    if ('failedAt' in mapped || mapped.kind === 'no image') return mapped;
    return mapped.kind === 'damage' && mapped.map.ranges.length > 0 ? mapped : null;
  }

  #settingsFor(image: Path): ImageSettings {
    const { inFolders: _, named, ...settings } = this.#choices;
    const isNamed = named.has(image);
    // What's to be included was said of what lies under the roots: of an image in a folder that's the image itself.
    return { ...settings, hit: isNamed && settings.hit, include: isNamed ? settings.include : [] };
  }

  async *#planVolumes(opened: Opened, task: TaskFor): AsyncGenerator<Work> {
    const { image } = task({ kind: 'open' });
    for (const part of opened.parts) this.#parts.set(plain(part), image);
    yield { kind: 'done', examined: opened.done };
    for (const volume of opened.volumes) yield* this.#planVolume(volume, task);
    if (opened.hasGaps) yield { kind: 'image', path: image, task: task({ kind: 'space', volume: null }) };
  }

  async *#planVolume(
    { number: volume, kind, path, size }: OpenedVolumeFacts,
    task: TaskFor,
  ): AsyncGenerator<Work> {
    if (kind === 'unknown') {
      this.#found(1, size);
      yield { kind: 'image', path, task: task({ kind: 'whole volume', volume }) };
      return;
    }
    for (let from: number | null = 0; from !== null; ) {
      const planned = await this.#crew.workOnImage(task({ kind: 'plan', volume, from }));
      if ('failedAt' in planned || planned.kind !== 'planned') {
        const why = 'why' in planned ? planned.why : 'nothing is listed';
        yield unreadWork(path, `files from entry ${from} on could not be listed: ${why}`);
        return;
      }
      for (const { from: first, to, files, bytes } of planned.batches) {
        this.#found(files, bytes);
        yield { kind: 'image', path, task: task({ kind: 'files', volume, from: first, to }) };
      }
      yield { kind: 'done', examined: planned.done };
      from = planned.next;
    }
    // In a damaged file system the map of free space isn't to be trusted.
    const space = task({ kind: 'space', volume });
    if (space.damage === null) yield { kind: 'image', path, task: space };
  }
}

function whyNoDamage(mapped: Damage | Failed | NoImage | null): string {
  if (mapped !== null && 'why' in mapped)
    return `its encrypted ranges could not be looked for: ${mapped.why}`;
  return 'no order of encrypted ranges was found: it was read as an image that was not hit itself';
}

/** The same file, whether the path begins at the folder it's in or not. */
function plain(path: Path): string {
  return path.replace(/^(?:\.\/)+/, '');
}
