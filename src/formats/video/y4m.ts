import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Format } from '../format.ts';

const MOST_LINE = 256;
/** Samples of both colours, for each four of luminance, by the beginning of the colour space. */
const colours: readonly (readonly [name: string, wide: number, high: number, extra: number])[] = [
  ['420', 2, 2, 2],
  ['411', 4, 1, 2],
  ['422', 2, 1, 2],
  ['444alpha', 1, 1, 3],
  ['444', 1, 1, 2],
  ['mono', 1, 1, 0],
];

export const y4m: Format = {
  id: 'y4m',
  title: 'YUV4MPEG2',
  extensions: ['y4m'],
  signatures: [{ at: 0, hex: '595556344d5045473220' }],
  spec: 'yuv4mpeg(5)',
  proof: 'header and heads of frames by grammar, frames of exact size; samples by contrast',
  texture: 'packed',
  verify(reader, ledger): void {
    const head = readLine(reader, 0, /^YUV4MPEG2(?: [\x21-\x7e]+)+\n/);
    const size = frameSize(head);
    ledger.account(0, head.length, 'grammar', 'header', 16);
    for (let at = head.length; at < reader.size; ) {
      reader.meter.step();
      const line = readLine(reader, at, /^FRAME(?: [\x21-\x7e]+)*\n/);
      const start = at + line.length;
      ledger.account(at, start, 'grammar', 'head of a frame', 16);
      at = start + size;
      ledger.raw(start, Math.min(at, reader.size), 'samples');
      if (at > reader.size) throw new Truncated(reader.size, 'frame', at - reader.size);
    }
  },
};

function readLine(reader: Reader, at: number, form: RegExp): string {
  const text = reader.latin1(at, Math.min(MOST_LINE, reader.size - at), 'line');
  const line = form.exec(text)?.[0];
  if (line === undefined) throw new Broken(at, 'line', 'words and a line feed', 'others');
  return line;
}

/** `W`, `H` and `C`; names such as `420p10` tell more than eight bits. */
function frameSize(head: string): number {
  const [width, height] = [
    Number(/ W(\d{1,6})[ \n]/.exec(head)?.[1]),
    Number(/ H(\d{1,6})[ \n]/.exec(head)?.[1]),
  ];
  const space = / C(\S+)/.exec(head)?.[1] ?? '420';
  const found = colours.find(([name]) => space.startsWith(name));
  if (!(width > 0 && height > 0) || found === undefined)
    throw new Broken(0, 'header', 'width, height and a known colour space', head.trim());
  const [, wide, high, extra] = found;
  const bytes = /(?:p|mono)(?:9|1[0-6])$/.test(space) ? 2 : 1;
  return bytes * (width * height + extra * Math.ceil(width / wide) * Math.ceil(height / high));
}
