import { Broken, Truncated } from '../../bytes/errors.ts';
import { Reader } from '../../bytes/reader.ts';
import { BufferSource, type ByteSource, SliceSource } from '../../bytes/source.ts';
import { ContinuedSource } from '../../checks/continued-source.ts';
import { drain } from '../../checks/pieces.ts';
import { Keep } from '../../checks/unpack.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context, Format } from '../format.ts';
import { examineMember } from '../member.ts';
import { LONG_RUN } from '../stored-parts.ts';
import { accountText } from '../text-field.ts';
import { type CabBlock, readBlocks } from './blocks.ts';
import { type CabFile, type CabHeader, readCabHeader, readFiles, readFolder } from './layout.ts';
import { accountCabTail } from './tail.ts';
import { unpackers } from './unpack.ts';

export const cab: Format = {
  id: 'cab',
  title: 'Microsoft Cabinet',
  extensions: ['cab', 'msu'],
  signatures: [{ at: 0, hex: '4d53434600000000' }],
  spec: 'MS-CAB §2; MS-MCI §2 (MSZIP); MS-PATCH (LZX)',
  proof:
    'CFDATA checksums, MSZIP by its decoder, members examined; Quantum and LZX are not unpacked, dates of files stay unproved',
  texture: 'packed',
  verify(reader: Reader, ledger: Ledger, context: Context): void {
    const header = readCabHeader(reader);
    if (header.size > reader.size) {
      ledger.broken(new Truncated(reader.size, 'cabinet', header.size - reader.size));
    }
    accountHeader(reader, ledger, header);
    const files = [...readFiles(reader, header)];
    for (const file of files) accountFile(reader, ledger, file);
    for (let i = 0; i < header.folderCount; i++) {
      const own = files.filter(({ folder }) => folder === i);
      verifyFolder({ reader, ledger, context, header }, i, own);
    }
    if (header.isPart) ledger.unexamined(0, 0, 'files that go on in other cabinets');
    accountCabTail(reader, ledger, context, header);
  },
};

interface Cabinet {
  readonly reader: Reader;
  readonly ledger: Ledger;
  readonly context: Context;
  readonly header: CabHeader;
}

/** The set's number and the cabinet's place in it, in bytes 32 to 36, are any. */
function accountHeader(reader: Reader, ledger: Ledger, header: CabHeader): void {
  ledger.account(0, 32, 'structure', 'CFHEADER', 8);
  const foldersEnd = header.foldersAt + header.folderCount * (8 + header.folderReserve);
  ledger.account(header.foldersAt, Math.min(foldersEnd, reader.size), 'structure', 'CFFOLDER entries', 8);
  for (const { start, end } of header.names) {
    accountText(reader, ledger, start, end, 'name of another cabinet');
    ledger.account(end, end + 1, 'structure', 'end of a name');
  }
}

/** Date and time, bytes 10 to 14, are any. */
function accountFile(reader: Reader, ledger: Ledger, { start, end }: CabFile): void {
  ledger.account(start, start + 10, 'structure', 'CFFILE entry', 8);
  ledger.account(start + 14, start + 16, 'structure', 'attributes', 4);
  accountText(reader, ledger, start + 16, end - 1, 'name of a file');
  ledger.account(end - 1, end, 'structure', 'end of a name');
}

function verifyFolder(cabinet: Cabinet, index: number, files: readonly CabFile[]): void {
  const { reader, ledger, header } = cabinet;
  try {
    const folder = readFolder(reader, header, index);
    const { blocks, end } = readBlocks(reader, ledger, header, folder);
    const unpack = unpackers[folder.method];
    if (unpack !== undefined && !header.isPart) {
      examineFolder(cabinet, blocks, files, (again) => unpack(again, blocks));
      return;
    }
    for (const block of blocks)
      if (block.isSummed === null) ledger.coded(block.start, block.end, 'packed data');
    ledger.unexamined(
      folder.dataAt,
      end,
      header.isPart ? 'a folder that others share' : titleOf(folder.method),
    );
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    ledger.broken(error);
  }
}

function titleOf(method: number): string {
  return `packed by ${['', '', 'Quantum', 'LZX'][method] ?? `method ${method}`}`;
}

function examineFolder(
  { reader, ledger, context }: Cabinet,
  blocks: readonly CabBlock[],
  files: readonly CabFile[],
  unpack: (reader: Reader) => ReturnType<NonNullable<(typeof unpackers)[number]>>,
): void {
  const keep = new Keep();
  let size = 0;
  drain(unpack(reader), (output) => {
    size += output.length;
    keep.add(output);
  });
  for (const block of blocks) if (block.isSummed === null) accountUnsummed(ledger, block);
  const bytes = keep.bytes();
  const content: ByteSource =
    bytes === null
      ? new ContinuedSource(size, () => unpack(new Reader(reader.source, reader.meter)))
      : new BufferSource(bytes);
  const [first] = blocks;
  if (first !== undefined)
    examineFiles(ledger, context, content, files, { start: first.at, end: blocks.at(-1)!.end });
  content.close();
}

/** What unpacks to its own length was not copied: random bytes there might still unpack. */
function accountUnsummed(ledger: Ledger, { at, start, end, size }: CabBlock): void {
  ledger.account(at + 4, at + 8, 'structure', 'lengths of a block');
  if (end - start === size) ledger.coded(start, end, 'stored block without a checksum');
  else ledger.account(start, end, 'decoder', 'data block without a checksum', LONG_RUN);
}

function examineFiles(
  ledger: Ledger,
  context: Context,
  content: ByteSource,
  files: readonly CabFile[],
  range: { start: number; end: number },
): void {
  let reached = 0;
  for (const { name, offset, size, start } of files) {
    if (offset + size > content.size) {
      ledger.broken(new Broken(start, `end of ${name}`, `at most ${content.size}`, offset + size));
      continue;
    }
    reached = Math.max(reached, offset + size);
    if (size > 0)
      examineMember(context, ledger, name, new SliceSource(content, offset, offset + size), range);
  }
  if (reached !== content.size) {
    ledger.broken(new Broken(range.start, 'end of the last file in a folder', content.size, reached));
  }
}
