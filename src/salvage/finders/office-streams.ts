import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import { type Compound, openCompound } from '../../formats/cfb/compound.ts';
import { Ledger } from '../../ledger/ledger.ts';
import type { Finder } from '../item.ts';
import { floorWithin, ProvedRanges } from '../proved-ranges.ts';
import { readerOf } from '../reader-of.ts';

/**
 * Streams of OLE2 compound files (MS-CFB) whose chain is whole and whose every sector is proved. Without the header, or the
 * table of sectors, nothing tells which sectors are whose: then nothing is found.
 */
export const officeStreams: Finder = {
  suits: ({ examination }) => examination.evidence.identity.verifier?.id === 'cfb',

  find(subject, take) {
    const { ledger } = subject.examination.evidence;
    const reader = readerOf(subject);
    const compound = open(reader);
    if (compound === null) return;
    const proved = new ProvedRanges(ledger);
    const sizes = new Map(compound.nodes.map(({ path, entry }) => [path.join('/'), entry.size]));
    for (const stream of compound.streams) {
      const path = stream.path.join('/');
      const isWhole = stream.size > 0 && sizes.get(path) === stream.size;
      if (!isWhole || !stream.pieces.every((piece) => proved.covers(piece))) continue;
      const isWanted = take({
        kind: 'stream',
        name: path,
        size: stream.size,
        ranges: stream.pieces,
        proof: 'a chain of sectors with one owner, and every byte in them',
        floor: Math.max(...stream.pieces.map((piece) => floorWithin(ledger, piece))),
        source: stream.source,
      });
      if (!isWanted) return;
    }
  },
};

function open(reader: Reader): Compound | null {
  try {
    return openCompound(reader, new Ledger(reader.size));
  } catch (error) {
    if (error instanceof Broken) return null;
    throw error;
  }
}
