import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import { drain, type Pieces } from '../../checks/pieces.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context, Format } from '../format.ts';
import { examineContent, PackedContent } from '../packed-content.ts';
import { accountSkippable, isSkippable, skippableEnd } from '../skippable-frame.ts';
import { accountTail } from '../tail.ts';
import { accountUnsummed, floorByTrials, type UnsummedRange } from '../tried-content.ts';
import { decodeLegacyFrame, decodeLz4Frame, LEGACY_MAGIC, LZ4_MAGIC, type Lz4Frame } from './frame.ts';

export const lz4: Format = {
  id: 'lz4',
  title: 'LZ4',
  extensions: ['lz4'],
  signatures: [
    { at: 0, hex: '04224d1840', mask: 'ffffffffc0' },
    { at: 0, hex: '02214c18' },
  ],
  spec: 'LZ4 Frame Format Description 1.6.4',
  proof:
    'XXH32 of the content or of each block; without them trial overwrites of the file at hand show whether decoding to text is proof',
  texture: 'packed',
  verify(reader: Reader, ledger: Ledger, context: Context): void {
    const content = new PackedContent();
    const unsummed: UnsummedRange[] = [];
    const end = drain(decodeFile(reader, { ledger, unsummed }), content.add)!;
    accountUnsummed(ledger, unsummed, () =>
      floorByTrials(reader, content, (again) => decodeFile(again, null)),
    );
    accountTail(reader, ledger, end);
    examineContent({ reader, ledger, context, start: 0, end }, content, (again) => decodeFile(again, null));
  },
};

interface Desk {
  readonly ledger: Ledger;
  readonly unsummed: UnsummedRange[];
}

/** Frames of any kind follow each other. Gives the end of the last. */
function* decodeFile(reader: Reader, desk: Desk | null): Pieces<number> {
  let at = 0;
  let frames = 0;
  for (; ; frames++) {
    reader.meter.step();
    if (reader.has(at, LZ4_MAGIC)) {
      const frame = yield* decodeLz4Frame(reader, at);
      if (desk !== null) accountFrame(desk, frame);
      at = frame.end;
    } else if (reader.has(at, LEGACY_MAGIC)) {
      const end = yield* decodeLegacyFrame(reader, at);
      if (desk !== null) accountLegacy(desk, at, end);
      at = end;
    } else if (isSkippable(reader, at)) {
      if (desk !== null) accountSkippable(reader, desk.ledger, at);
      at = skippableEnd(reader, at);
    } else break;
  }
  if (frames === 0) throw new Broken(at, 'LZ4 frame', 'at least one', 'none');
  return at;
}

/** The header's check has eight bits: random bytes in it pass once in 256 times, and its flags once in 65,536. */
function accountFrame(desk: Desk, { start, end, blocks, hasContentSum, hasBlockSums }: Lz4Frame): void {
  const { ledger, unsummed } = desk;
  ledger.account(start, blocks, 'structure', 'LZ4 frame header');
  if (hasContentSum) ledger.account(blocks, end, 'checksum', 'XXH32 of the content');
  else if (hasBlockSums) ledger.account(blocks, end, 'checksum', 'XXH32 of each block');
  else unsummed.push({ start: blocks, end, by: 'LZ4 blocks without a checksum' });
}

function accountLegacy({ ledger, unsummed }: Desk, start: number, end: number): void {
  ledger.account(start, start + 4, 'structure', 'LZ4 legacy magic');
  unsummed.push({ start: start + 4, end, by: 'LZ4 blocks without a checksum' });
}
