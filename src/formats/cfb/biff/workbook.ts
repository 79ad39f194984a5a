import type { Range } from '../../../bytes/range.ts';
import { verifyDrawing } from '../escher/drawing.ts';
import type { Part } from '../part.ts';
import { accountRest } from '../rest.ts';
import { attempt, Stream } from '../stream.ts';
import { examineAt } from '../unknown.ts';
import { walkRecords } from './chain.ts';
import { verifyStrings } from './strings.ts';

/** The stream of a workbook (MS-XLS §2.1.7.20). Headers are too short to tell: contrast speaks for them and the data. */
export function verifyWorkbook(part: Part): void {
  const { reader, ledger } = part.stream;
  const { strings, drawings, themes, seal, end } = walkRecords(reader, ledger);
  if (seal !== null) {
    ledger.protect(seal.from, Math.max(seal.from, end), seal.scheme, seal.strength);
    accountRest(part);
    return;
  }
  for (const pieces of strings) attempt(ledger, () => verifyStrings(reader, ledger, pieces));
  for (const pieces of drawings) verifyJoined(part, pieces, verifyDrawing);
  for (const pieces of themes) verifyJoined(part, pieces, verifyTheme);
  accountRest(part);
}

function verifyJoined(part: Part, pieces: readonly Range[], verify: (part: Part) => void): void {
  const joined = Stream.within(part.stream, pieces);
  verify({ ...part, stream: joined });
  joined.settle(part.stream.ledger);
}

/** A theme is a package of Office Open XML (MS-XLS §2.4.326). */
function verifyTheme(part: Part): void {
  const { size } = part.stream;
  if (size > 4) examineAt(part, 0, size, 'theme.zip');
}
