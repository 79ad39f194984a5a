import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context, Format } from '../format.ts';
import { accountTail } from '../tail.ts';
import { accountComment, accountDeferred, accountSegment } from './application.ts';
import * as marker from './markers.ts';
import type { Deferred } from './segment.ts';

const MAGIC = '\xff\x01Exiv2';

export const exiv2: Format = {
  id: 'exiv2-metadata',
  title: 'Exiv2 metadata',
  extensions: ['exv'],
  signatures: [{ at: 0, hex: 'ff014578697632' }],
  spec: 'Exiv2 documentation, "Exiv2 metadata files"; ITU-T T.81 B.1.1.4',
  proof: 'segments of a JPEG image without its image tile the file, each by its own grammar',
  texture: 'plain',
  verify(reader: Reader, ledger: Ledger, context: Context): void {
    reader.expect(0, MAGIC, 'Exiv2 magic');
    ledger.account(0, MAGIC.length, 'structure', 'Exiv2 magic');
    const later: Deferred = { icc: [], extendedXmp: [], announced: [] };
    const end = walkSegments(reader, ledger, context, later);
    accountDeferred({ reader, ledger, context }, later);
    accountTail(reader, ledger, end);
  },
};

function walkSegments(reader: Reader, ledger: Ledger, context: Context, later: Deferred): number {
  for (let at = MAGIC.length; ; ) {
    reader.meter.step();
    const code = reader.u8(at + 1, 'marker');
    if (reader.u8(at) !== 0xff || !(marker.isApplication(code) || code === marker.COM || code === marker.EOI))
      throw new Broken(at, 'marker', 'of a segment of metadata', code.toString(16));
    ledger.account(at, at + 2, 'structure', 'marker');
    if (code === marker.EOI) return at + 2;
    const start = at + 4;
    const end = at + 2 + reader.u16be(at + 2, 'segment length');
    if (end < start) throw new Broken(at + 2, 'segment length', 'at least 2', end - at - 2);
    if (end > reader.size) throw new Truncated(reader.size, 'segment', end - reader.size);
    ledger.account(at + 2, start, 'structure', 'segment length');
    if (code === marker.COM) accountComment(reader, ledger, start, end);
    else accountSegment(code - marker.APP0, { reader, ledger, context, later, start, end });
    at = end;
  }
}
