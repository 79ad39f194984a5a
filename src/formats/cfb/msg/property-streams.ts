import { Broken } from '../../../bytes/errors.ts';
import { crc32 } from '../../../checks/crc32.ts';
import type { Part } from '../part.ts';
import { accountRest } from '../rest.ts';
import { accountTextPiece } from '../text-piece.ts';
import { examineWithin } from '../unknown.ts';

const PROPERTY = /^__substg1\.0_([0-9A-F]{4})([0-9A-F]{4})/i;
const UNICODE = '001F';
const STRING_8 = '001E';
const ATTACHED = '3701';
const COMPRESSED_RTF = '1009';

/** A property of a message, one a stream (MS-OXMSG §2.1.3): text, the bytes of an attached file, or bytes. */
export function verifyProperty(part: Part): void {
  const { stream } = part;
  const [, id = '', type = ''] = PROPERTY.exec(stream.name.toUpperCase()) ?? [];
  if (id === ATTACHED && type === '0102') verifyAttachment(part);
  else if (type === UNICODE) accountTextPiece(stream, 0, stream.size, 'wide', 'text');
  else if (type === STRING_8) accountTextPiece(stream, 0, stream.size, 'narrow', 'text');
  else if (id === COMPRESSED_RTF) verifyCompressedRtf(part);
  accountRest(part);
}

/** Whatever was attached is a file of its own. */
function verifyAttachment(part: Part): void {
  examineWithin(part, 0, part.stream.size, attachedName(part));
}

/** PidTagAttachLongFilename, else the short one, beside the attachment. */
function attachedName({ stream, compound }: Part): string {
  const storage = stream.path.slice(0, -1).join('/');
  const beside = compound.streams.filter(({ path }) => path.slice(0, -1).join('/') === storage);
  for (const id of ['3707001F', '3704001F', '3707001E', '3704001E']) {
    const found = beside.find(({ name, size }) => name.toUpperCase().endsWith(id) && size > 0 && size <= 520);
    if (found === undefined) continue;
    const bytes = Buffer.from(found.reader.bytes(0, found.size));
    return bytes.toString(id.endsWith('F') ? 'utf16le' : 'latin1').replace(/\0+$/, '');
  }
  return 'attachment';
}

const RTF_HEADER = 16;

/** Compressed RTF has a CRC-32, without the usual inversions, over what follows its header (MS-OXRTFCP §2.1.3.1). */
function verifyCompressedRtf({ stream }: Part): void {
  const { reader, ledger, size } = stream;
  if (size < RTF_HEADER || !reader.has(8, 'LZFu')) return;
  const end = Math.min(size, 4 + reader.u32le(0));
  let inverted = 0xffffffff;
  for (const piece of reader.stream(RTF_HEADER, Math.max(RTF_HEADER, end))) inverted = crc32(piece, inverted);
  const computed = ~inverted >>> 0;
  const stored = reader.u32le(12);
  if (stored !== computed) {
    ledger.broken(new Broken(12, 'CRC-32 of compressed RTF', stored, computed), end);
    ledger.coded(RTF_HEADER, end, 'compressed RTF');
    return;
  }
  ledger.account(0, RTF_HEADER, 'structure', 'header of compressed RTF', RTF_HEADER);
  ledger.account(RTF_HEADER, end, 'checksum', 'CRC-32 of compressed RTF');
}
