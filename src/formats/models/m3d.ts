import { Broken } from '../../bytes/errors.ts';
import { Reader } from '../../bytes/reader.ts';
import { BufferSource } from '../../bytes/source.ts';
import { inflateZlib } from '../../checks/zlib-stream.ts';
import type { Format } from '../format.ts';
import { accountTail } from '../tail.ts';

const HEADER = 8;
const CHUNK = 8;
const END = 'OMD3';
/** A model is walked in memory up to this size, in bytes. */
const MOST_MODEL = 64 << 20;

export const m3d: Format = {
  id: 'm3d',
  title: 'Model 3D',
  extensions: ['m3d'],
  signatures: [{ at: 0, hex: '33444d4f' }],
  spec: 'Model 3D file format, bztsrc',
  proof: 'the Adler-32 of the compressed model, whose chunks end exactly',
  texture: 'dense',
  verify(reader, ledger): void {
    const end = reader.u32le(4, 'length of the file');
    if (end < HEADER || end > reader.size) throw new Broken(4, 'length of the file', reader.size, end);
    const start = reader.has(HEADER, 'PRVW') ? HEADER + reader.u32le(HEADER + 4, 'preview') : HEADER;
    ledger.account(0, HEADER, 'structure', 'header');
    ledger.raw(HEADER, Math.min(start, end), 'preview');
    if (reader.has(start, 'HEAD')) {
      ledger.raw(start, walkModel(reader, start, end), 'chunks of the model');
    } else accountPacked();
    accountTail(reader, ledger, end);

    function accountPacked(): void {
      const pieces: Buffer[] = [];
      let size = 0;
      const { consumed } = inflateZlib(reader, start, end, (piece) => {
        size += piece.length;
        if (size <= MOST_MODEL) pieces.push(Buffer.from(piece));
      });
      if (start + consumed !== end) throw new Broken(start, 'end of the model', end, start + consumed);
      if (size > MOST_MODEL) ledger.unexamined(start, end, 'a model of more than 64 MiB');
      else walkModel(new Reader(new BufferSource(Buffer.concat(pieces)), reader.meter), 0, size);
      ledger.account(start, end, 'checksum', 'Adler-32', 8);
    }
  },
};

/** Chunks count their own heads; the mark of the end has no length. Returns where it ends. */
function walkModel(reader: Reader, start: number, end: number): number {
  for (let at = start; at + END.length <= end; ) {
    reader.meter.step();
    if (reader.has(at, END)) return at + END.length;
    const length = reader.u32le(at + 4, 'chunk');
    if (length < CHUNK || length > end - at)
      throw new Broken(at + 4, 'length of a chunk', `up to ${end - at}`, length);
    at += length;
  }
  throw new Broken(end, 'end of the model', END, 'none');
}
