import type { Range } from '../bytes/range.ts';
import { Reader } from '../bytes/reader.ts';
import { BufferSource, type ByteSource } from '../bytes/source.ts';
import { ContinuedSource } from '../checks/continued-source.ts';
import type { Pieces } from '../checks/pieces.ts';
import { Keep } from '../checks/unpack.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Context } from './format.ts';
import { examineMember } from './member.ts';

/** Decodes what was decoded before, from its beginning. The reader is for this alone. */
export type Reopen = (reader: Reader) => Pieces;

/** What a packed file unpacks to. Small contents are kept, large ones decoded again as they are read. */
export class PackedContent {
  /** Bytes. */
  size = 0;
  readonly #keep = new Keep();

  readonly add = (piece: Uint8Array): void => {
    this.size += piece.length;
    this.#keep.add(piece);
  };

  source(reader: Reader, reopen: Reopen): ByteSource {
    const bytes = this.#keep.bytes();
    if (bytes !== null) return new BufferSource(bytes);
    return new ContinuedSource(this.size, () => reopen(new Reader(reader.source, reader.meter)));
  }
}

/** Where a content is packed, and who looks at it. */
export interface PackedPlace extends Range {
  readonly reader: Reader;
  readonly ledger: Ledger;
  readonly context: Context;
}

/** Examines the content under the name that its packer took it from. */
export function examineContent(place: PackedPlace, content: PackedContent, reopen: Reopen): void {
  const { reader, ledger, context, start, end } = place;
  const source = content.source(reader, reopen);
  examineMember(context, ledger, nameUnpacked(context.name), source, { start, end });
}

/** Habits of packers: `x.tzst` holds `x.tar`. */
const tapes = /\.(?:t(?:xz|lz|bz2?|b2|zst|ar\.[a-z0-9]+|z|az|aZ)|tzst)$/i;
const packed = /\.(?:xz|lzma|lz|bz2?|zstd?|lz4|br|lzo|z|sz|snappy|deflate|zz)$/i;

function nameUnpacked(name: string): string {
  if (/\.tar\.[a-z0-9]+$/i.test(name)) return name.replace(/\.[a-z0-9]+$/i, '');
  if (tapes.test(name)) return name.replace(tapes, '.tar');
  return packed.test(name) ? name.replace(packed, '') : '';
}
