import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Format } from '../format.ts';
import { accountTextOrRaw } from '../short-text.ts';
import type { Place } from '../stored.ts';
import { accountTail } from '../tail.ts';
import { accountSamples } from './samples.ts';

export const voc: Format = {
  id: 'voc',
  title: 'Creative voice',
  extensions: ['voc'],
  signatures: [{ at: 0, hex: '437265617469766520566f6963652046696c651a' }],
  spec: 'Creative Voice File Format',
  proof: 'blocks tile the file; samples of PCM are far from random',
  texture: 'packed',
  verify(reader, ledger, context): void {
    reader.expect(0, 'Creative Voice File\x1a', 'signature');
    const [start, version, check] = [reader.u16le(20), reader.u16le(22), reader.u16le(24, 'header check')];
    if (check !== ((~version + 0x1234) & 0xffff))
      throw new Broken(24, 'header check', (~version + 0x1234) & 0xffff, check);
    if (start < 26 || start > reader.size) throw new Broken(20, 'header length', 26, start);
    ledger.account(0, start, 'structure', 'header', 8);
    const end = accountBlocks({ reader, ledger, context, start, end: reader.size });
    accountTail(reader, ledger, end);
  },
};

/** Blocks of a type, a length of 24 bits, and content; type 0 ends them, and the end of the file may stand for it. */
function accountBlocks({ reader, ledger, context, start, end }: Place): number {
  for (let at = start; at < end; ) {
    reader.meter.step();
    const type = reader.u8(at);
    if (type > 9) throw new Broken(at, 'block type', '0–9', type);
    if (type === 0) {
      ledger.account(at, at + 1, 'structure', 'terminator');
      return at + 1;
    }
    const body = at + 4;
    const next = body + (reader.u16le(at + 1, 'block length') | (reader.u8(at + 3, 'block length') << 16));
    ledger.account(at, body, 'structure', 'block header');
    if (next > end) throw new Truncated(end, 'block', next - end);
    accountBlock({ reader, ledger, context, start: body, end: next }, type);
    at = next;
  }
  return end;
}

function accountBlock(place: Place, type: number): void {
  const { reader, ledger, start, end } = place;
  if (type === 5) {
    accountTextOrRaw(reader, ledger, start, end, 'text');
    return;
  }
  const header = Math.min(end, start + (type === 1 ? 2 : type === 9 ? 12 : type === 2 ? 0 : end - start));
  ledger.account(start, header, 'structure', 'block fields', 12);
  const codec =
    type === 1 && end > start + 1
      ? reader.u8(start + 1)
      : type === 9 && end >= start + 8
        ? reader.u16le(start + 6)
        : 0;
  // 0 and 4: PCM of 8 and 16 bits; 6, 7: A-law, µ-law; the others are ADPCM.
  accountSamples({ ...place, start: header }, [0, 4, 6, 7].includes(codec) ? 'plain' : 'coded', 'samples');
}
