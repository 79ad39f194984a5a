import type { ListedFile, ListedRow } from './listed-file.ts';
import { toFile } from './listed-file.ts';

/** The files of one path, the oldest snapshot first, each snapshot once. */
export type PathFiles = readonly ListedFile[];

/** Groups sorted rows by path. Where a snapshot has two names that differ in case alone, names are told apart by it. */
export function* groupByPath(rows: Iterable<ListedRow>): Generator<PathFiles> {
  let group: ListedFile[] = [];
  for (const row of rows) {
    if (group.length > 0 && group[0]!.key !== row[0]) {
      yield* separate(group);
      group = [];
    }
    group.push(toFile(row));
  }
  if (group.length > 0) yield* separate(group);
}

function* separate(group: readonly ListedFile[]): Generator<PathFiles> {
  const isOnePath = group.every(({ snapshot }, i) => i === 0 || group[i - 1]!.snapshot !== snapshot);
  if (isOnePath) {
    yield group;
    return;
  }
  const names = new Map<string, ListedFile[]>();
  for (const file of group) {
    const same = names.get(file.path);
    if (same === undefined) names.set(file.path, [file]);
    else same.push(file);
  }
  yield* names.values();
}
