import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Format } from '../format.ts';
import type { Place } from '../stored.ts';
import { accountOther } from './chunks.ts';
import { accountSamples, type SampleKind } from './samples.ts';

const FILE_HEADER = 8;
const CHUNK_HEADER = 12;

export const caf: Format = {
  id: 'caf',
  title: 'Core Audio Format',
  extensions: ['caf'],
  signatures: [{ at: 0, hex: '6361666600010000' }],
  spec: 'Apple Core Audio Format Specification 1.0',
  proof: 'chunks tile the file; samples of PCM are far from random, what other coders made stays unproved',
  texture: 'packed',
  verify(reader, ledger, context): void {
    reader.bytes(0, FILE_HEADER, 'file header');
    ledger.account(0, FILE_HEADER, 'structure', 'file header');
    let kind: SampleKind | null = null;
    for (let at = FILE_HEADER; at < reader.size; ) {
      reader.meter.step();
      const type = reader.latin1(at, 4, 'chunk type');
      if (!/^[ -~]{4}$/.test(type)) throw new Broken(at, 'chunk type', 'four characters', type);
      const body = at + CHUNK_HEADER;
      const end = endOf(type, body, reader.u32be(at + 4, 'chunk size'), reader.u32be(at + 8), reader.size);
      ledger.account(at, body, 'structure', 'chunk header', 8);
      if (end > reader.size) throw new Truncated(reader.size, `chunk ${type}`, end - reader.size);
      const place = { reader, ledger, context, start: body, end };
      if (type === 'desc') kind = accountDescription(place);
      else accountChunk(place, type, kind ?? 'coded');
      at = end;
    }
    if (kind === null) throw new Broken(FILE_HEADER, 'chunk desc', 'one', 'none');
  },
};

/** A size of −1 lets the samples reach to the end. */
function endOf(type: string, body: number, high: number, low: number, size: number): number {
  if (type === 'data' && high === 0xffffffff && low === 0xffffffff) return size;
  return body + high * 2 ** 32 + low;
}

const plainTypes = new Set(['lpcm', 'ulaw', 'alaw']);

function accountDescription({ reader, ledger, start, end }: Place): SampleKind {
  if (end - start !== 32) throw new Broken(start, 'desc chunk', 32, end - start);
  const channels = reader.u32be(start + 24);
  if (channels === 0 || channels > 1024) throw new Broken(start + 24, 'channels', '1–1024', channels);
  ledger.account(start, end, 'structure', 'format of samples', 16);
  return plainTypes.has(reader.latin1(start + 8, 4)) ? 'plain' : 'coded';
}

function accountChunk(place: Place, type: string, kind: SampleKind): void {
  const { ledger, start, end } = place;
  if (type === 'data') {
    const samples = Math.min(end, start + 4);
    ledger.raw(start, samples, 'edit count');
    accountSamples({ ...place, start: samples }, kind, 'samples');
  } else if (type === 'pakt' || type === 'chan' || type === 'kuki') ledger.raw(start, end, `chunk ${type}`);
  else accountOther(place, type);
}
