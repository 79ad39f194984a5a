import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context, Format } from '../format.ts';
import { examineStored } from '../stored.ts';

const HEADER = /^(blob|tree|commit|tag) (0|[1-9][0-9]{0,15})\0/;
const MOST_HEADER = 32;

/** What a loose object unpacks to; the file itself is a zlib stream. */
export const gitObject: Format = {
  id: 'git-object',
  title: 'Git object, unpacked',
  extensions: [],
  signatures: [],
  spec: 'git documentation: gitformat-loose; Pro Git, section Git Objects',
  proof: 'header with the length; trees by grammar, blobs, commits and tags are examined as files',
  texture: 'dense',
  recognise: (head, size) =>
    size >= 7 && HEADER.test(Buffer.from(head.subarray(0, MOST_HEADER)).toString('latin1')),
  verify(reader: Reader, ledger: Ledger, context: Context): void {
    const [header = '', type, length] =
      HEADER.exec(reader.latin1(0, Math.min(MOST_HEADER, reader.size))) ?? [];
    if (type === undefined) throw new Broken(0, 'header of an object', 'type and length', 'others');
    const start = header.length;
    if (Number(length) !== reader.size - start) {
      throw new Broken(5, 'length of an object', Number(length), reader.size - start);
    }
    ledger.account(0, start, 'structure', 'type and length', 16);
    if (type === 'tree') verifyTree(reader, ledger, start);
    else
      examineStored(
        { reader, ledger, context, start, end: reader.size },
        type === 'blob' ? '' : `${type}.txt`,
      );
  },
};

const MODE_AND_NAME = /^[0-7]{5,6} [^/\0]+\0/;
const LONGEST_NAME = 4096;

/** Entries `mode name NUL digest`: digests are any bytes, but those after them must begin anew. */
function verifyTree(reader: Reader, ledger: Ledger, start: number): void {
  for (let at = start; at < reader.size; ) {
    reader.meter.step();
    const entry = MODE_AND_NAME.exec(reader.latin1(at, Math.min(LONGEST_NAME, reader.size - at)))?.[0];
    if (entry === undefined) throw new Broken(at, 'entry of a tree', 'mode and name', 'others');
    const digestAt = at + entry.length;
    ledger.account(at, digestAt, 'grammar', 'entry of a tree', 24);
    at = digestAt + 20;
    if (at < reader.size && !MODE_AND_NAME.test(reader.latin1(at, Math.min(64, reader.size - at)))) at += 12;
    if (at > reader.size)
      throw new Broken(digestAt, 'digest of a tree’s entry', '20 or 32 bytes', reader.size - digestAt);
    ledger.account(digestAt, at, 'structure', 'digests of a tree', 64);
  }
}
