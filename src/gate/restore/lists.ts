import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathOf } from '../../sources/folders/relative.ts';
import { PathList } from '../path-list.ts';
import type { PlannedSnapshot, RestoreLine } from './plan-line.ts';

/**
 * For each snapshot the paths to be restored from it, each ended by NUL, as `rsync --files-from --from0` and
 * `tar --null -T` take them. They appear under their names once they're whole.
 */
export class SnapshotLists {
  readonly #folder: string;
  readonly #snapshots: readonly PlannedSnapshot[];
  readonly #lists = new Map<number, PathList>();

  /** @throws what `node:fs` throws where the folder can't be made */
  constructor(folder: string, snapshots: readonly PlannedSnapshot[]) {
    this.#folder = folder;
    this.#snapshots = snapshots;
    mkdirSync(folder, { recursive: true });
  }

  /** @throws what the system says where the list can't be written */
  async add({ snapshot, source, path }: RestoreLine): Promise<void> {
    const list = this.#lists.get(snapshot) ?? (await this.#create(snapshot));
    await list.add(pathOf(source ?? path));
  }

  async finish(): Promise<void> {
    for (const list of this.#lists.values()) await list.finish();
  }

  async drop(): Promise<void> {
    for (const list of this.#lists.values()) await list.drop();
  }

  async #create(snapshot: number): Promise<PathList> {
    const digits = String(this.#snapshots.length - 1).length;
    const label = this.#snapshots[snapshot]!.label.replace(/[^\w.-]+/g, '_').slice(-100);
    const path = join(this.#folder, `${String(snapshot).padStart(digits, '0')}-${label}.list0`);
    if (existsSync(path)) throw new Error(`${path} is there already: nothing is overwritten`);
    const list = await PathList.create(path);
    this.#lists.set(snapshot, list);
    return list;
  }
}
