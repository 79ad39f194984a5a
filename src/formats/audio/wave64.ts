import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Format } from '../format.ts';
import { accountTail } from '../tail.ts';
import { accountSamples } from './samples.ts';
import { isPlainCode } from './wav.ts';

const FILE_HEADER = 40;
const CHUNK_HEADER = 24;
/** What the identifiers of all chunks but the first end with. */
const COMMON = 'f3acd3118cd100c04f8edb8a';

export const wave64: Format = {
  id: 'wave64',
  title: 'Sony Wave64',
  extensions: ['w64'],
  signatures: [{ at: 0, hex: '726966662e91cf11a5d628db04c10000' }],
  spec: 'Sony Wave64 file format',
  proof: 'chunks tile the file; samples of PCM are far from random, what other coders made stays unproved',
  texture: 'packed',
  verify(reader, ledger, context): void {
    reader.expect(24, 'wave', 'wave identifier');
    reader.bytes(0, FILE_HEADER, 'file header');
    ledger.account(0, FILE_HEADER, 'structure', 'file header', 8);
    let isPlain = false;
    for (let at = FILE_HEADER; at + CHUNK_HEADER <= reader.size; ) {
      reader.meter.step();
      const type = reader.latin1(at, 4, 'chunk');
      if (Buffer.from(reader.bytes(at + 4, 12)).toString('hex') !== COMMON)
        throw new Broken(at + 4, 'chunk identifier', COMMON, 'another');
      const size = reader.u64le(at + 16, 'chunk size');
      if (size < CHUNK_HEADER) throw new Broken(at + 16, 'chunk size', `at least ${CHUNK_HEADER}`, size);
      const [body, end] = [at + CHUNK_HEADER, at + size];
      ledger.account(at, body, 'structure', 'chunk header', 8);
      if (end > reader.size) throw new Truncated(reader.size, `chunk ${type}`, end - reader.size);
      if (type === 'fmt ') {
        isPlain = isPlainCode(reader.u16le(body, 'format code'));
        ledger.account(body, end, 'structure', 'format of samples', 16);
      } else if (type === 'data')
        accountSamples({ reader, ledger, context, start: body, end }, isPlain ? 'plain' : 'coded', 'samples');
      else ledger.raw(body, end, `chunk ${type}`);
      const next = Math.min(reader.size, Math.ceil(end / 8) * 8);
      accountPadding(end, next);
      at = next;
    }

    function accountPadding(start: number, end: number): void {
      if (reader.bytes(start, end - start).every((byte) => byte === 0))
        ledger.account(start, end, 'padding', 'chunk padding');
      else accountTail(reader, ledger, start);
    }
  },
};
