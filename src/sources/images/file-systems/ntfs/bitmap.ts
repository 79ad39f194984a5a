import type { Range } from '../../../../bytes/range.ts';
import { BufferSource, type ByteSource } from '../../../../bytes/source.ts';
import type { Path } from '../../../folders/path.ts';
import type { Origin } from './entry.ts';
import { loadFile } from './file.ts';
import { headOf, residentValue, segmentsOf } from './stream.ts';
import { StreamSource } from './stream-source.ts';

const BITMAP = 6;
const PIECE = 1 << 20;

/** The bits of $Bitmap, one a cluster; null where its record is lost. @throws Broken, OverBudget */
export function openBitmap({ ground, records }: Origin): ByteSource | null {
  const pieces = loadFile(ground, records, BITMAP)?.streams.get('' as Path);
  if (pieces === undefined) return null;
  if (headOf(pieces).isResident) return new BufferSource(residentValue(pieces[0]!));
  return new StreamSource(ground.volume, segmentsOf(ground, records, pieces));
}

/** Runs of clusters whose bit isn't set, in bytes of the volume. @throws ReadError, Broken */
export function* freeRanges(bits: ByteSource, clusters: number, clusterSize: number): Generator<Range> {
  const buffer = new Uint8Array(Math.min(PIECE, bits.size));
  const end = Math.min(clusters, bits.size * 8);
  let start = -1;
  for (let at = 0; at * 8 < end; at += buffer.length) {
    const got = bits.read(buffer, at);
    if (got === 0) break;
    for (let i = 0; i < got; i++) {
      const byte = buffer[i]!;
      if (byte === 0xff && start < 0) continue;
      if (byte === 0 && start >= 0) continue;
      const first = (at + i) * 8;
      for (let bit = 0; bit < 8 && first + bit < end; bit++) {
        const isFree = (byte & (1 << bit)) === 0;
        if (isFree && start < 0) start = first + bit;
        if (isFree || start < 0) continue;
        yield { start: start * clusterSize, end: (first + bit) * clusterSize };
        start = -1;
      }
    }
  }
  if (start >= 0) yield { start: start * clusterSize, end: end * clusterSize };
}
