import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Format } from '../format.ts';
import { accountTail } from '../tail.ts';

const BLOCK = 80;
const SEQUENCE = 150;
/** Section types by their place in a DIF sequence (IEC 61834-2 §10.3): header, subcode, VAUX, then audio and video. */
const HEADER_TYPE = 0;
const [SUBCODE, VAUX, AUDIO, VIDEO] = [1, 2, 3, 4];

export const dv: Format = {
  id: 'dv',
  title: 'Digital video, DIF',
  extensions: ['dv'],
  signatures: [
    { at: 0, hex: '1f07003f' },
    { at: 0, hex: '1f0700bf' },
  ],
  spec: 'IEC 61834-2, section 10; SMPTE ST 314',
  proof: 'blocks of 80 bytes, each of which says what and the how-manieth it is',
  texture: 'dense',
  verify(reader, ledger): void {
    const whole = reader.size - (reader.size % BLOCK);
    for (let at = 0, index = 0; at < whole; at += BLOCK, index++) {
      reader.meter.step();
      checkBlock(reader, at, index % SEQUENCE);
    }
    // Each 82 bytes hold an identifier of three bytes, 19 bits of which have one right value: three blocks say 57.
    ledger.account(0, whole, 'structure', 'identifiers of blocks', 4 * BLOCK);
    accountTail(reader, ledger, whole);
  },
};

/** Section type, sequence and number of the block; one audio block stands before each 15 of video. */
function checkBlock(reader: Reader, at: number, index: number): void {
  const [type, number] = [reader.u8(at) >> 5, reader.u8(at + 2)];
  const [wantedType, wantedNumber] = idOf(index);
  if (type !== wantedType || number !== wantedNumber)
    throw new Broken(at, 'identifier of a block', `${wantedType}, ${wantedNumber}`, `${type}, ${number}`);
}

function idOf(index: number): readonly [type: number, number: number] {
  if (index === 0) return [HEADER_TYPE, 0];
  if (index < 3) return [SUBCODE!, index - 1];
  if (index < 6) return [VAUX!, index - 3];
  const place = index - 6;
  const group = Math.floor(place / 16);
  return place % 16 === 0 ? [AUDIO!, group] : [VIDEO!, place - group - 1];
}
