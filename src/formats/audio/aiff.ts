import { Broken } from '../../bytes/errors.ts';
import type { Format } from '../format.ts';
import { examineStored, type Place } from '../stored.ts';
import { accountTail } from '../tail.ts';
import { accountOther, type Chunk, walkChunks } from './chunks.ts';
import { accountSamples, type SampleKind } from './samples.ts';

const FORM_HEADER = 12;

export const aiff: Format = {
  id: 'aiff',
  title: 'Audio interchange',
  extensions: ['aiff', 'aif', 'aifc', 'afc'],
  signatures: [
    { at: 0, hex: '464f524d0000000041494646', mask: 'ffffffff00000000ffffffff' },
    { at: 0, hex: '464f524d0000000041494643', mask: 'ffffffff00000000ffffffff' },
  ],
  spec: 'Apple, Audio Interchange File Format 1.3; AIFF-C draft of 1991',
  proof: 'chunks tile the file; samples of PCM are far from random, what other coders made stays unproved',
  texture: 'packed',
  verify(reader, ledger, context): void {
    const stored = reader.u32be(4, 'FORM size');
    reader.bytes(0, FORM_HEADER, 'FORM header');
    ledger.account(0, FORM_HEADER, 'structure', 'FORM header', 8);
    const end = stored === 0 || stored >= 0xfffffff0 ? reader.size : Math.min(reader.size, 8 + stored);
    const place = { reader, ledger, context, start: FORM_HEADER, end };
    let kind: SampleKind = 'coded';
    let hasFormat = false;
    for (const chunk of walkChunks(place, { isBig: true, align: 2 })) {
      if (chunk.type === 'COMM') {
        kind = accountCommon(place, chunk, reader.has(8, 'AIFC'));
        hasFormat = true;
      } else accountChunk(place, chunk, kind);
    }
    if (!hasFormat) throw new Broken(FORM_HEADER, 'chunk COMM', 'one', 'none');
    accountTail(reader, ledger, end);
  },
};

/** Compression types of values as they are. */
const plainTypes = new Set(
  ['NONE', 'sowt', 'twos', 'fl32', 'FL32', 'fl64', 'FL64', 'raw ', 'in24', 'in32'].concat([
    'ulaw',
    'alaw',
    'ULAW',
    'ALAW',
    '23ni',
  ]),
);

/** Channels, frames, bits, an extended float for the rate; in AIFF-C a compression type and its name. */
function accountCommon({ reader, ledger }: Place, { body, end }: Chunk, isCompressed: boolean): SampleKind {
  if (end - body < (isCompressed ? 22 : 18))
    throw new Broken(body, 'COMM chunk', 'at least 18 bytes', end - body);
  const [channels, bits] = [reader.u16be(body), reader.u16be(body + 6)];
  if (channels === 0 || bits > 64) throw new Broken(body, 'channels and bits', 'above 0, up to 64', bits);
  ledger.account(body, end, 'structure', 'format of samples', 16);
  return !isCompressed || plainTypes.has(reader.latin1(body + 18, 4)) ? 'plain' : 'coded';
}

function accountChunk(place: Place, { type, body, end }: Chunk, kind: SampleKind): void {
  const { ledger } = place;
  const inside = { ...place, start: body, end };
  if (type === 'SSND') {
    const samples = Math.min(end, body + 8);
    ledger.account(body, samples, 'structure', 'offset and block size');
    accountSamples({ ...inside, start: samples }, kind, 'samples');
  } else if (type === 'ID3 ') examineStored(inside, 'tag.id3');
  else if (type === 'FVER' || type === 'MARK' || type === 'INST' || type === 'COMT' || type === 'PEAK')
    ledger.raw(body, end, `chunk ${type}`);
  else accountOther(inside, type);
}
