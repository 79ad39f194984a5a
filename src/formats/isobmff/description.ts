import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Box } from './boxes.ts';
import type { Description } from './track.ts';

/** Length of the fixed part of a sample entry, from its body (ISO/IEC 14496-12 sections 12.1.3, 12.2.3). */
const VISUAL = 78;
const AUDIO = 28;
/** Sound descriptions of QuickTime of versions 1 and 2 have these more (QTFF). */
const AUDIO_MORE = [0, 16, 36];

/** Where the boxes inside a sample entry begin; null for entries without such. */
export function entryChildren(reader: Reader, { body, end }: Box, handler: string): number | null {
  if (handler === 'vide' || handler === 'pict') return body + VISUAL <= end ? body + VISUAL : null;
  if (handler !== 'soun' || body + AUDIO > end) return null;
  const version = reader.u16be(body + 8);
  const inside = body + AUDIO + (AUDIO_MORE[version] ?? 0);
  return inside <= end ? inside : null;
}

export function readDescription(reader: Reader, box: Box, handler: string): Description {
  const isSound = handler === 'soun' && box.body + AUDIO <= box.end;
  const version = isSound ? reader.u16be(box.body + 8) : 0;
  const { frameBytes, framesPerPacket } = isSound
    ? readFrames(reader, box, version)
    : { frameBytes: 0, framesPerPacket: 1 };
  const isSealed = box.type === 'encv' || box.type === 'enca' || box.type === 'enct' || box.type === 'encs';
  return {
    type: box.type,
    box,
    frameBytes,
    framesPerPacket,
    nalLength: 0,
    scheme: isSealed ? 'Common Encryption' : null,
    original: null,
  };
}

/** QTFF, sound sample description: version 1 tells frames and bytes of a packet, version 0 means PCM where it's used. */
function readFrames(reader: Reader, { body, end }: Box, version: number) {
  if (version === 1 && body + AUDIO + 16 <= end) {
    const framesPerPacket = reader.u32be(body + AUDIO) || 1;
    return { framesPerPacket, frameBytes: reader.u32be(body + AUDIO + 8) };
  }
  if (version === 2 && body + AUDIO + 36 <= end) {
    const framesPerPacket = reader.u32be(body + AUDIO + 32) || 1;
    return { framesPerPacket, frameBytes: reader.u32be(body + AUDIO + 28) };
  }
  const channels = reader.u16be(body + 16);
  return { framesPerPacket: 1, frameBytes: (channels * reader.u16be(body + 18)) >> 3 };
}

const schemes: Readonly<Record<string, string>> = {
  cenc: 'Common Encryption (cenc, AES-CTR)',
  cens: 'Common Encryption (cens, AES-CTR with pattern)',
  cbc1: 'Common Encryption (cbc1, AES-CBC)',
  cbcs: 'Common Encryption (cbcs, AES-CBC with pattern)',
  piff: 'PIFF protection',
  itun: 'FairPlay',
  adkm: 'Adobe Access',
  odkm: 'OMA DRM',
};

/** A box inside a sample entry that says how its samples are to be read. */
export function refineDescription(reader: Reader, box: Box, description: Description): void {
  const { type, body, end } = box;
  if (type === 'avcC' && body + 5 <= end) description.nalLength = (reader.u8(body + 4) & 3) + 1;
  if (type === 'hvcC' && body + 22 <= end) description.nalLength = (reader.u8(body + 21) & 3) + 1;
  if (type === 'frma' && body + 4 <= end) description.original = reader.latin1(body, 4);
  if (type === 'schm' && body + 8 <= end) {
    const scheme = reader.latin1(body + 4, 4, 'protection scheme');
    if (!/^[ -~]{4}$/.test(scheme))
      throw new Broken(body + 4, 'protection scheme', 'four characters', scheme);
    description.scheme = schemes[scheme] ?? `protection scheme ${scheme.trim()}`;
  }
}
