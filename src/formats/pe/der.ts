import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';

/** SPC_INDIRECT_DATA_OBJID, 1.3.6.1.4.1.311.2.1.4, as DER. */
const INDIRECT_DATA = Buffer.from('060a2b060104018237020104', 'hex');
const algorithms: Readonly<Record<string, { readonly name: string; readonly size: number }>> = {
  '2b0e03021a': { name: 'sha1', size: 20 },
  '2a864886f70d0205': { name: 'md5', size: 16 },
  '608648016503040201': { name: 'sha256', size: 32 },
  '608648016503040202': { name: 'sha384', size: 48 },
  '608648016503040203': { name: 'sha512', size: 64 },
};

export interface Measured {
  readonly end: number;
  /** Bytes of the longest primitive value: between two of its neighbours nothing is tied down. */
  readonly longest: number;
}

/** Walks the DER value at `start`, all of whose parts must end where their parents do. @throws Broken */
export function measureDer(reader: Reader, start: number, limit: number): Measured {
  const open: number[] = [];
  let longest = 0;
  let at = start;
  do {
    reader.meter.step();
    const parentEnd = open.at(-1) ?? limit;
    const tag = readTag(reader, at, parentEnd);
    const end = tag.contentAt + tag.length;
    if (end > parentEnd) throw new Broken(at, 'length in DER', `an end up to ${parentEnd}`, end);
    if (tag.constructed) {
      open.push(end);
      at = tag.contentAt;
    } else {
      longest = Math.max(longest, tag.length);
      at = end;
    }
    while (open.length > 0 && open.at(-1) === at) open.pop();
  } while (open.length > 0);
  return { end: at, longest };
}

function readTag(
  reader: Reader,
  at: number,
  limit: number,
): { contentAt: number; length: number; constructed: boolean } {
  if (at + 2 > limit) throw new Broken(at, 'DER value', 'two bytes at least', limit - at);
  const tag = reader.u8(at);
  const first = reader.u8(at + 1);
  const bytes = first < 0x80 ? 0 : first & 0x7f;
  if ((tag & 31) === 31 || first === 0x80 || bytes > 4)
    throw new Broken(at, 'DER tag and length', 'a short tag', tag);
  let length = bytes === 0 ? first : 0;
  for (let i = 0; i < bytes; i++) length = length * 256 + reader.u8(at + 2 + i);
  return { contentAt: at + 2 + bytes, length, constructed: (tag & 32) !== 0 };
}

/** The digest of the image that SpcIndirectDataContent holds; null if there is none that is known. */
export function findDigest(pkcs7: Uint8Array): { algorithm: string; value: Uint8Array } | null {
  const bytes = Buffer.from(pkcs7.buffer, pkcs7.byteOffset, pkcs7.length);
  const from = bytes.indexOf(INDIRECT_DATA);
  if (from < 0) return null;
  // SpcAttributeTypeAndOptionalValue comes first and is short; DigestInfo follows it: OID, NULL, OCTET STRING.
  for (let at = from + INDIRECT_DATA.length; at < Math.min(bytes.length - 8, from + 512); at++) {
    if (bytes[at] !== 0x06) continue;
    const oidEnd = at + 2 + bytes[at + 1]!;
    const algorithm = algorithms[bytes.toString('hex', at + 2, oidEnd)];
    if (algorithm === undefined) continue;
    const valueAt = bytes[oidEnd] === 0x05 ? oidEnd + 2 : oidEnd;
    if (bytes[valueAt] !== 0x04 || bytes[valueAt + 1] !== algorithm.size) continue;
    return { algorithm: algorithm.name, value: bytes.subarray(valueAt + 2, valueAt + 2 + algorithm.size) };
  }
  return null;
}
