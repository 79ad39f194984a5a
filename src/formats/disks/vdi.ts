import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { accountGaps } from '../gaps.ts';
import { accountTail } from '../tail.ts';
import { readVdiHeader, VDI_ZERO } from './vdi-layout.ts';

export const vdi: Format = {
  id: 'vdi',
  title: 'VirtualBox disk',
  extensions: ['vdi'],
  signatures: [{ at: 64, hex: '7f10dabe' }],
  spec: 'VirtualBox source, VDICore.h',
  proof: 'header and block map, each block once; sectors of the disk by contrast',
  texture: 'dense',
  verify(reader: Reader, ledger: Ledger): void {
    const { mapAt, dataAt, block, extra, count } = readVdiHeader(reader);
    const mapEnd = mapAt + 4 * count;
    if (mapEnd > reader.size) throw new Truncated(reader.size, 'block map', mapEnd - reader.size);
    const end = dataAt + readMap(reader, { start: mapAt, end: mapEnd }) * (block + extra);
    ledger.account(64, 80, 'structure', 'header', 8);
    ledger.account(340, 348, 'structure', 'header', 8);
    ledger.account(376, 388, 'structure', 'header', 12);
    ledger.account(mapAt, mapEnd, 'structure', 'block map', 8);
    accountGaps(
      reader,
      ledger,
      [
        { start: 0, end: 400 },
        { start: mapAt, end: mapEnd },
      ],
      { start: 0, end: Math.min(dataAt, reader.size) },
    );
    ledger.raw(Math.min(dataAt, reader.size), Math.min(end, reader.size), 'sectors of the disk');
    if (end > reader.size) throw new Truncated(reader.size, 'blocks', end - reader.size);
    accountTail(reader, ledger, end);
  },
};

/** Gives the number of blocks; each may stand in the map once. */
function readMap(reader: Reader, { start, end }: Range): number {
  const seen = new Set<number>();
  let last = -1;
  for (let at = start; at < end; at += 4) {
    reader.meter.step();
    const block = reader.u32le(at);
    if (block >= VDI_ZERO) continue;
    if (block >= (end - start) / 4 || seen.has(block))
      throw new Broken(at, 'block of the map', 'each once', block);
    seen.add(block);
    last = Math.max(last, block);
  }
  return last + 1;
}
