import { Broken } from '../../../../bytes/errors.ts';
import { Reader } from '../../../../bytes/reader.ts';
import { BufferSource, type ByteSource } from '../../../../bytes/source.ts';
import type { Notice } from '../../container.ts';
import { PatchedSource } from '../../patched-source.ts';
import type { VhdxHeader } from './header.ts';
import { findActiveEntries, LOG_SECTOR } from './log-entries.ts';
import { collectPatches } from './log-patches.ts';

/** Writers make it 1 MiB long; it's held in memory. */
const MOST_LOG = 64 << 20;

/**
 * The file as it is once its log is replayed, in memory only ([MS-VHDX] §2.3): its writer stopped before it had
 * brought the tables up to date.
 */
export function replayLog(
  source: ByteSource,
  { log }: VhdxHeader,
): { readonly source: ByteSource; readonly notices: readonly Notice[] } {
  if (log === null) return { source, notices: [] };
  try {
    const length = log.end - log.start;
    if (length > MOST_LOG || length % LOG_SECTOR !== 0 || log.end > source.size) {
      throw new Broken(log.start, 'log', `up to ${MOST_LOG} bytes inside the file`, length);
    }
    const bytes = new Reader(source).whole(log.start, log.end, 'log');
    const entries = findActiveEntries(new Reader(new BufferSource(bytes)), log.guid);
    const pages = collectPatches(entries);
    const text = `the file wasn't closed properly: ${entries.length} entries of its log were replayed in memory`;
    return { source: new PatchedSource(source, pages, LOG_SECTOR), notices: [{ level: 'note', text }] };
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    const text = `the file wasn't closed properly, and its log can't be replayed (${error.message}): contents may be stale`;
    return { source, notices: [{ level: 'wrong', text }] };
  }
}
