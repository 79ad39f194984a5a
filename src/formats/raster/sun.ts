import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { accountTail } from '../tail.ts';

const HEADER = 32;

export const sunRaster: Format = {
  id: 'sun-raster',
  title: 'Sun raster image',
  extensions: [],
  signatures: [{ at: 0, hex: '59a66a95' }],
  spec: 'SunOS rasterfile(5)',
  proof: 'header and exact size; colours and pixels by contrast',
  texture: 'plain',
  verify(reader: Reader, ledger: Ledger): void {
    const [width, height, depth] = [reader.u32be(4), reader.u32be(8), reader.u32be(12)] as const;
    const [stated, kind, mapKind, map] = [16, 20, 24, 28].map((at) => reader.u32be(at)) as [
      number,
      number,
      number,
      number,
    ];
    if (![1, 8, 24, 32].includes(depth) || kind > 5 || mapKind > 2)
      throw new Broken(12, 'header', 'fields in range', 'others');
    const row = Math.ceil((width * depth) / 16) * 2;
    const isPacked = kind === 2;
    if (!isPacked && stated !== 0 && stated !== row * height)
      throw new Broken(16, 'length of the image', row * height, stated);
    const end = isPacked ? walkRuns(reader, HEADER + map, row * height) : HEADER + map + row * height;
    ledger.account(0, HEADER, 'structure', 'header', 8);
    ledger.raw(HEADER, Math.min(end, reader.size), 'colours and pixels');
    if (end > reader.size) throw new Truncated(reader.size, 'pixels', end - reader.size);
    accountTail(reader, ledger, end);
  },
};

const ESCAPE = 0x80;

/** A byte stands for itself; 80h 00h is 80h, 80h n b is n + 1 times b. */
function walkRuns(reader: Reader, start: number, total: number): number {
  let at = start;
  for (let made = 0; made < total; ) {
    reader.meter.step();
    const isRun = reader.u8(at, 'pixels') === ESCAPE;
    const count = isRun ? reader.u8(at + 1, 'run of pixels') : 0;
    at += isRun ? (count === 0 ? 2 : 3) : 1;
    made += count + 1;
    if (made > total) throw new Broken(at, 'pixels', total, made);
  }
  return Math.min(at, reader.size);
}
