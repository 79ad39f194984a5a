import { toNdjson } from '../../report/ndjson.ts';
import type { Path } from '../../sources/folders/path.ts';
import { toReportedPath } from '../../sources/folders/path-text.ts';
import type { Crew, Failed } from '../crew.ts';
import type { Done } from '../tally.ts';
import type { ImageWork, Work } from '../work.ts';
import { nothingExamined } from './image-lines.ts';
import type { ImageExamined } from './image-task.ts';

/** Work that is nothing but a line on what can't be read. */
export function unreadWork(path: Path, why: string): Work {
  const text = toNdjson({ type: 'unread', path: toReportedPath(path), why });
  return { kind: 'listed', text, skipped: 0, unread: 1 };
}

/** Does the work, whatever happens: an entry that brings a worker down costs that entry only. @throws CrewError */
export async function workOnImage({ path, task }: ImageWork, crew: Crew): Promise<Done> {
  const { job } = task;
  if (job.kind === 'files') return examineEntries(path, task, job, crew);
  const outcome = await crew.workOnImage(task);
  return 'failedAt' in outcome ? unread(path, outcome.why) : toDone([outcome as ImageExamined]);
}

interface Numbers {
  readonly from: number;
  readonly to: number;
}

async function examineEntries(
  path: Path,
  task: ImageWork['task'],
  job: Numbers & { readonly volume: number },
  crew: Crew,
): Promise<Done> {
  const done: ImageExamined[] = [];
  const left: Numbers[] = [job];
  for (let part = left.pop(); part !== undefined; part = left.pop()) {
    const { from, to } = part;
    const outcome = await crew.workOnImage({ ...task, job: { ...job, kind: 'files', from, to } });
    if (!('failedAt' in outcome)) {
      done.push(outcome as ImageExamined);
      continue;
    }
    const entry = from + outcome.failedAt;
    done.push(await giveUp(path, task, { volume: job.volume, entry }, outcome, crew));
    left.push(
      ...[
        { from: entry + 1, to },
        { from, to: entry },
      ].filter((rest) => rest.from < rest.to),
    );
  }
  return toDone(done);
}

/** The entry's name is known to workers only; if even listing it fails, its number must do. */
async function giveUp(
  path: Path,
  task: ImageWork['task'],
  at: { readonly volume: number; readonly entry: number },
  { why }: Failed,
  crew: Crew,
): Promise<ImageExamined> {
  const outcome = await crew.workOnImage({ ...task, job: { kind: 'give up', ...at, why } });
  if (!('failedAt' in outcome)) return outcome as ImageExamined;
  const { text, unread: count } = unread(path, `entry ${at.entry}: ${why}`);
  return { ...nothingExamined(), text, unread: count };
}

function unread(path: Path, why: string): Done {
  const text = toNdjson({ type: 'unread', path: toReportedPath(path), why });
  return { text, examined: [], skipped: 0, unread: 1 };
}

export function toDone(parts: readonly ImageExamined[]): Done {
  return {
    text: parts.map(({ text }) => text).join(''),
    examined: parts,
    skipped: parts.reduce((sum, { skipped }) => sum + skipped, 0),
    unread: parts.reduce((sum, { unread: count }) => sum + count, 0),
  };
}
