import { Broken } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import { crc32 } from '../../checks/crc32.ts';
import { accountText } from '../text-field.ts';
import { contentOf, verifyContent } from './content.ts';
import type { Desk } from './entry.ts';
import { accountExtra } from './extra-fields.ts';
import { HAS_DESCRIPTOR, LOCAL, type LocalHeader, readDescriptor, readLocalHeader } from './layout.ts';
import { methods } from './methods.ts';

/**
 * Looks for entries in bytes that the directory knows nothing of, either since updaters left them as they were, or
 * since the directory is lost. Those that prove themselves by their CRC-32 are accounted for. They are not examined:
 * whether their owner encrypted them stands in entries that may be lost, too.
 */
export function proveLooseEntries(desk: Desk, within: Range): number {
  const { reader } = desk;
  let proved = 0;
  for (let at = within.start; ; ) {
    reader.meter.step();
    at = reader.indexOf(LOCAL, at, within.end);
    if (at < 0) return proved;
    const end = proveEntry(desk, at, within.end);
    if (end !== null) proved++;
    at = end ?? at + 1;
  }
}

/** Gives the end of the entry; null where there is none that proves itself. */
function proveEntry(desk: Desk, start: number, limit: number): number | null {
  try {
    const local = readLocalHeader(desk.reader, start);
    if (local.end > limit) return null;
    const entry = isSizeUnknown(local) ? measure(desk, local, limit) : local;
    const packedEnd = local.end + entry.packedSize;
    if (packedEnd > limit) return null;
    const source = verifyContent(desk.reader, desk.ledger, contentOf(entry, local.end));
    if (source === null) return null;
    accountHeader(desk, local);
    return entry === local ? packedEnd : accountDescriptor(desk, packedEnd, entry);
  } catch (error) {
    if (error instanceof Broken) return null;
    throw error;
  }
}

function isSizeUnknown({ flags, packedSize, sum }: LocalHeader): boolean {
  return (flags & HAS_DESCRIPTOR) !== 0 && packedSize === 0 && sum === 0;
}

/** Decodes to find out the sizes, which the descriptor behind has to confirm. */
function measure({ reader }: Desk, local: LocalHeader, limit: number): LocalHeader {
  const decoder = local.method === 0 ? undefined : methods[local.method]?.decoder;
  if (decoder === undefined) throw new Broken(local.start, 'size', 'one in the header', 'none');
  let sum = 0;
  const { consumed, produced } = decoder.decode(reader, local.end, limit, (output) => {
    sum = crc32(output, sum);
  });
  const entry = { ...local, sum, packedSize: consumed, size: produced };
  readDescriptor(reader, local.end + consumed, entry);
  return entry;
}

function accountDescriptor({ reader, ledger }: Desk, at: number, entry: LocalHeader): number {
  const end = readDescriptor(reader, at, entry);
  ledger.account(at, end, 'structure', 'data descriptor');
  return end;
}

const nothing = { start: 0, end: 0 };

/** Only what the content proves: signature, method, sizes, CRC-32. */
function accountHeader({ reader, ledger }: Desk, local: LocalHeader): void {
  const { start, name } = local;
  ledger.account(start, start + 10, 'structure', 'local header without a directory');
  ledger.account(start + 14, name.start, 'structure', 'local header without a directory');
  accountText(reader, ledger, name.start, name.end, 'name');
  accountExtra(ledger, { reader, header: local }, { reader, header: { ...local, extra: nothing } });
}
