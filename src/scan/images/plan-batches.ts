import type { FileOptions } from '../examine-file.ts';
import { nothingExamined, reportVolume } from './image-lines.ts';
import type { Planned, PlannedBatch } from './image-task.ts';
import type { OpenedVolume } from './opened-image.ts';

/** As many entries are planned at a time: the first batches then are under way while the next are planned. */
const MOST_ENTRIES = 8192;
/** Entries, and bytes of files, of one batch; as for files of folders. */
const MOST_IN_BATCH = 256;
const MOST_BYTES = 8 << 20;

/** Divides the entries from this number on into batches. Nothing is examined, no file is opened. */
export function planBatches(opened: OpenedVolume, from: number, options: FileOptions): Planned {
  const batches: PlannedBatch[] = [];
  let batch = emptyBatch(from);
  let next = from;
  let isAtEnd = true;
  for (const listed of opened.planned.from(from, options.beat)) {
    const about = opened.reporter.about(listed, options);
    next = listed.number + 1;
    batch.to = next;
    if (about.kind === 'file') {
      batch.files++;
      batch.bytes += about.size;
    }
    if (batch.to - batch.from >= MOST_IN_BATCH || batch.bytes >= MOST_BYTES) {
      batches.push(batch);
      batch = emptyBatch(next);
    }
    if (next - from >= MOST_ENTRIES) {
      isAtEnd = false;
      break;
    }
  }
  if (batch.to > batch.from) batches.push(batch);
  const done = isAtEnd ? reportVolume(opened, next) : nothingExamined();
  return { kind: 'planned', batches, next: isAtEnd ? null : next, done };
}

type GrowingBatch = { -readonly [Key in keyof PlannedBatch]: PlannedBatch[Key] };

function emptyBatch(from: number): GrowingBatch {
  return { from, to: from, files: 0, bytes: 0 };
}
