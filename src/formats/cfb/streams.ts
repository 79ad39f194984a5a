import { verifyWorkbook } from './biff/workbook.ts';
import { verifyDrawing } from './escher/drawing.ts';
import { verifyProperty } from './msg/property-streams.ts';
import { verifyCompObj } from './ole/comp-obj.ts';
import { verifyNative } from './ole/native.ts';
import { verifyPropertySet } from './ole/property-set.ts';
import type { Part } from './part.ts';
import { verifyPictures, verifyPresentation } from './ppt/document.ts';
import { verifyEncryptionInfo, verifyPackage } from './protection/package.ts';
import { verifyUnknown } from './rest.ts';
import { attempt } from './stream.ts';
import { verifyDirectory, verifyModule } from './vba/project.ts';
import { verifyData } from './word/data.ts';
import { verifyTable, verifyWord } from './word/word.ts';

/** Which streams are verified how; the first that fits. `in` is the storage, where it matters. */
interface Row {
  readonly name: RegExp;
  readonly in?: RegExp;
  readonly verify: (part: Part) => void;
}

const rows: readonly Row[] = [
  { name: /^(Workbook|Book|WORKBOOK|BOOK)$/, verify: verifyWorkbook },
  { name: /^WordDocument$/, verify: verifyWord },
  { name: /^[01]Table$/, verify: verifyTable },
  { name: /^Data$/, verify: verifyData },
  { name: /^PowerPoint Document$/, verify: verifyPresentation },
  { name: /^Pictures$/, verify: verifyPictures },
  { name: /^EscherStm$|^EscherDelayStm$/, verify: verifyDrawing },
  { name: /^EncryptedPackage$/, verify: verifyPackage },
  { name: /^EncryptionInfo$/, verify: verifyEncryptionInfo },
  { name: /^\x01Ole10Native$/, verify: verifyNative },
  { name: /^__substg1\.0_/, verify: verifyProperty },
  { name: /^dir$/, in: /(^|\/)VBA$/i, verify: verifyDirectory },
  { name: /./, in: /(^|\/)VBA$/i, verify: verifyModule },
  { name: /^\x05/, verify: verifyPropertySet },
  { name: /^\x01CompObj$/, verify: verifyCompObj },
];

/** Accounts for a stream in its own ledger. What its verifier leaves out is told by contrast. */
export function verifyStream(part: Part): void {
  const { stream } = part;
  if (stream.size === 0) return;
  const row = rows.find(
    ({ name, in: storage }) =>
      name.test(stream.name) && (storage === undefined || storage.test(stream.path.slice(0, -1).join('/'))),
  );
  if (row === undefined) verifyUnknown(part);
  else attempt(stream.ledger, () => row.verify(part));
}
