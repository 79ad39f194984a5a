import type { Reader } from '../../bytes/reader.ts';
import { SliceSource } from '../../bytes/source.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context } from '../format.ts';
import { SLACK_FLOOR } from '../slack.ts';
import { isZeroFilled } from '../tail.ts';

const MODULE_MARK = '~Module signature appended~\n';
/** Algorithm bytes, padding and the length of the signature stand before the mark (Linux, module_signature.h). */
const MODULE_INFO = 12;

/** What stands behind the last section: a module's signature, an AppImage's file system, an archive, or nothing known. */
export function accountOverlay(reader: Reader, ledger: Ledger, context: Context, start: number): void {
  const { size } = reader;
  if (start >= size) return;
  if (isZeroFilled(reader, start, size)) {
    ledger.account(start, size, 'padding', 'zeros behind the end');
    return;
  }
  if (reader.has(size - MODULE_MARK.length, MODULE_MARK))
    accountModuleSignature(reader, ledger, context, start);
  else examineOverlay(reader, ledger, context, start, size);
}

function accountModuleSignature(reader: Reader, ledger: Ledger, context: Context, start: number): void {
  const infoAt = reader.size - MODULE_MARK.length - MODULE_INFO;
  const signatureAt = infoAt - reader.u32be(infoAt + 8);
  ledger.account(infoAt, reader.size, 'structure', 'module signature', 4);
  if (signatureAt < start) {
    ledger.trailing(start, infoAt);
    return;
  }
  examineOverlay(reader, ledger, context, signatureAt, infoAt);
  if (isZeroFilled(reader, start, signatureAt))
    ledger.account(start, signatureAt, 'padding', 'before the signature', SLACK_FLOOR);
  else ledger.trailing(start, signatureAt);
}

/** Takes over what a known format proves of the overlay; anything else is only trailing. */
export function examineOverlay(
  reader: Reader,
  ledger: Ledger,
  context: Context,
  start: number,
  end: number,
): void {
  const { outcome, ledger: part } = context.examine('overlay', new SliceSource(reader.source, start, end), {
    start,
    end,
  });
  if (outcome.format === null) ledger.trailing(start, end);
  else ledger.adopt(part, start);
}
