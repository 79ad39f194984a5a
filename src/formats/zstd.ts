import { Broken } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';
import { drain, type Pieces } from '../checks/pieces.ts';
import { decodeZstdFrame, type ZstdFrame } from '../checks/zstd.ts';
import { ZSTD_MAGIC } from '../checks/zstd-header.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Context, Format } from './format.ts';
import { examineContent, PackedContent } from './packed-content.ts';
import { accountSkippable, isSkippable, skippableEnd } from './skippable-frame.ts';
import { accountTail } from './tail.ts';
import { accountUnsummed, floorByTrials, type UnsummedRange } from './tried-content.ts';

export const zstd: Format = {
  id: 'zstd',
  title: 'Zstandard',
  extensions: ['zst', 'tzst', 'zstd'],
  signatures: [
    { at: 0, hex: '28b52ffd' },
    { at: 0, hex: '502a4d18', mask: 'f0ffffff' },
  ],
  spec: 'RFC 8878; seekable format: zstd/contrib/seekable_format',
  proof:
    'XXH64 of the content, where the frame has it; else trial overwrites of the file at hand show whether decoding is proof',
  texture: 'dense',
  verify(reader: Reader, ledger: Ledger, context: Context): void {
    const content = new PackedContent();
    const unsummed: UnsummedRange[] = [];
    const tell: Tell = (start, frame) => accountFrame(reader, ledger, start, frame, unsummed);
    const end = drain(decodeFile(reader, tell), content.add)!;
    accountUnsummed(ledger, unsummed, () => floorByTrials(reader, content, decodeFile));
    accountTail(reader, ledger, end);
    examineContent({ reader, ledger, context, start: 0, end }, content, (again) => decodeFile(again));
  },
};

type Tell = (start: number, frame: ZstdFrame | null) => void;

/** Frames and skippable frames, in any order. Gives the end of the last. */
function* decodeFile(reader: Reader, tell: Tell = () => {}): Pieces<number> {
  let at = 0;
  let frames = 0;
  for (;;) {
    reader.meter.step();
    if (isSkippable(reader, at)) {
      tell(at, null);
      at = skippableEnd(reader, at);
    } else if (reader.has(at, ZSTD_MAGIC)) {
      const frame = yield* decodeZstdFrame({ reader, start: at, end: reader.size });
      tell(at, frame);
      at += frame.consumed;
      frames++;
    } else break;
  }
  if (frames === 0) throw new Broken(at, 'Zstandard frame', 'at least one', 'none');
  return at;
}

/** A larger window than the one written decodes the same: its byte stays unaccounted. */
function accountFrame(
  reader: Reader,
  ledger: Ledger,
  start: number,
  frame: ZstdFrame | null,
  unsummed: UnsummedRange[],
): void {
  if (frame === null) {
    accountSkippable(reader, ledger, start);
    return;
  }
  const { header, consumed, stored } = frame;
  const blocks = start + header.length;
  ledger.account(start, start + 5, 'structure', 'Zstandard magic and descriptor');
  const sizeAt = start + 5 + (header.hasWindow ? 1 : 0);
  if (header.size !== null) ledger.account(sizeAt, blocks, 'decoder', 'size of the content', 4);
  if (header.hasChecksum) ledger.account(blocks, start + consumed, 'checksum', 'XXH64 of the content');
  else
    unsummed.push({
      start: blocks,
      end: start + consumed,
      stored,
      by: 'Zstandard blocks without a checksum',
    });
}
