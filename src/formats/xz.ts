import { Broken } from '../bytes/errors.ts';
import type { Range } from '../bytes/range.ts';
import type { Reader } from '../bytes/reader.ts';
import { drain, type Pieces } from '../checks/pieces.ts';
import { decodeXz, type XzPart } from '../checks/xz.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Context, Format } from './format.ts';
import { examineContent, PackedContent } from './packed-content.ts';
import { accountDecoded } from './stored-parts.ts';

/** Every chunk's range coder ends at zero of 32 bits, on its last byte; nothing but the exact symbols leads there. */
const CODER_FLOOR = 4;

const MAGIC = '\xfd7zXZ\0';

export const xz: Format = {
  id: 'xz',
  title: 'xz',
  extensions: ['xz', 'txz'],
  signatures: [{ at: 0, hex: 'fd377a585a00' }],
  spec: 'The .xz File Format 1.2.1',
  proof:
    'the check of every block (CRC-32, CRC-64, SHA-256), CRC-32 of headers, index and footer; without a check the decoder',
  texture: 'dense',
  verify(reader: Reader, ledger: Ledger, context: Context): void {
    const content = new PackedContent();
    drain(
      decodeFile(reader, (part) => accountPart(ledger, part)),
      content.add,
    );
    examineContent({ reader, ledger, context, start: 0, end: reader.size }, content, (again) =>
      decodeFile(again),
    );
  },
};

type Part = XzPart | ({ readonly kind: 'padding' } & Range);

/** Streams follow each other, with zeros in multiples of four between and behind them (§2.2). */
function* decodeFile(reader: Reader, tell: (part: Part) => void = () => {}): Pieces<void> {
  let at = 0;
  while (at < reader.size) {
    const { consumed } = yield* decodeXz({ reader, start: at, end: reader.size }, tell);
    const end = endOfPadding(reader, at + consumed);
    tell({ kind: 'padding', start: at + consumed, end });
    at = end;
  }
}

function endOfPadding(reader: Reader, start: number): number {
  let at = start;
  while (reader.has(at, '\0\0\0\0')) at += 4;
  if (at === reader.size || reader.has(at, MAGIC)) return at;
  throw new Broken(at, 'xz stream padding', 'zeros in multiples of four, or another stream');
}

function accountPart(ledger: Ledger, part: Part): void {
  const { kind, start, end } = part;
  if (kind === 'padding') ledger.account(start, end, 'padding', 'xz stream padding');
  else if (kind !== 'block') ledger.account(start, end, 'checksum', `CRC-32 of the xz ${kind}`);
  else if (part.check !== null) ledger.account(start, end, 'checksum', `${part.check} of the content`);
  else accountDecoded(ledger, { start, end }, part.stored, 'LZMA2 without a check', CODER_FLOOR);
}
