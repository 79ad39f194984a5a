import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { accountGaps } from '../gaps.ts';
import { accountTextOrRaw } from '../short-text.ts';

/** A list of offsets in a module: how many, of which unit, and what each leads to. */
interface Pointers {
  readonly count: number;
  /** Bytes of one offset, and what it's multiplied with. */
  readonly size: 2 | 4;
  readonly unit: number;
  /** What stands there, and how long it is at least, in bytes. */
  readonly magic: string;
  readonly magicAt: number;
  readonly length: number;
}

const IT_HEADER = 192;
const S3M_HEADER = 96;

export const impulseTracker: Format = {
  id: 'it',
  title: 'Impulse Tracker module',
  extensions: ['it'],
  signatures: [{ at: 0, hex: '494d504d' }],
  spec: 'Impulse Tracker, ITTECH.TXT',
  proof: 'offsets lead to instruments, samples and patterns; notes and samples by contrast',
  texture: 'packed',
  verify(reader, ledger): void {
    const [orders, instruments, samples, patterns] = [32, 34, 36, 38].map((at) => reader.u16le(at, 'header'));
    const list = (count: number, magic: string, length: number): Pointers => {
      return { count, size: 4, unit: 1, magic, magicAt: 0, length };
    };
    reader.expect(0, 'IMPM', 'magic');
    ledger.account(0, 4, 'structure', 'magic');
    accountTextOrRaw(reader, ledger, 4, 30, 'name');
    ledger.account(32, 40, 'structure', 'numbers of parts', 8);
    const start = IT_HEADER + orders!;
    const lists = [list(instruments!, 'IMPI', 554), list(samples!, 'IMPS', 80), list(patterns!, '', 8)];
    accountPointed(reader, ledger, start, lists);
  },
};

export const screamTracker: Format = {
  id: 's3m',
  title: 'ScreamTracker 3 module',
  extensions: ['s3m'],
  signatures: [{ at: 44, hex: '5343524d' }],
  spec: 'ScreamTracker 3.20, TECH.DOC',
  proof: 'offsets lead to instruments and patterns; notes and samples by contrast',
  texture: 'packed',
  verify(reader, ledger): void {
    const [orders, instruments, patterns] = [32, 34, 36].map((at) => reader.u16le(at, 'header'));
    const list = (count: number, magicAt: number, length: number): Pointers => {
      return { count, size: 2, unit: 16, magic: '', magicAt, length };
    };
    accountTextOrRaw(reader, ledger, 0, 28, 'name');
    ledger.account(28, 30, 'structure', 'type of the file');
    ledger.account(32, 38, 'structure', 'numbers of parts', 6);
    ledger.account(44, 48, 'structure', 'magic');
    accountPointed(reader, ledger, S3M_HEADER + orders!, [list(instruments!, 76, 80), list(patterns!, 0, 2)]);
  },
};

/** Checks the lists that stand from `start` on. What no list and no head covers stays raw. */
function accountPointed(reader: Reader, ledger: Ledger, start: number, lists: readonly Pointers[]): void {
  let at = start;
  for (const { count, size, unit, magic, magicAt, length } of lists) {
    for (let i = 0; i < count; i++, at += size) {
      reader.meter.step();
      const target = unit * (size === 2 ? reader.u16le(at, 'offset') : reader.u32le(at, 'offset'));
      // Empty patterns aren't stored.
      if (target === 0) continue;
      if (target + length > reader.size)
        throw new Broken(at, 'offset', `up to ${reader.size - length}`, target);
      if (magic !== '') reader.expect(target + magicAt, magic, 'magic of a part');
    }
  }
  if (at > reader.size) throw new Truncated(reader.size, 'lists of offsets', at - reader.size);
  ledger.account(start, at, 'structure', 'lists of offsets', 16);
  const claimed: Range[] = ledger.ranges('structure', 'grammar');
  accountGaps(reader, ledger, claimed, { start: 0, end: reader.size }, 'orders, notes and samples');
}

const XM_MAGIC = 'Extended Module: ';
const XM_HEADER = 60;

export const fastTracker: Format = {
  id: 'xm',
  title: 'FastTracker 2 module',
  extensions: ['xm'],
  signatures: [{ at: 0, hex: '457874656e646564204d6f64756c653a20' }],
  spec: 'Triton, The XM Module Format Description',
  proof: 'patterns, instruments and samples end exactly, by their sizes; what they hold by contrast',
  texture: 'packed',
  verify(reader, ledger): void {
    reader.expect(37, [0x1a], 'end of the name');
    reader.expect(0, XM_MAGIC, 'magic');
    ledger.account(0, XM_MAGIC.length, 'structure', 'magic', 8);
    accountTextOrRaw(reader, ledger, XM_MAGIC.length, 37, 'name');
    ledger.account(37, 38, 'structure', 'end of the name');
    accountTextOrRaw(reader, ledger, 38, 58, 'name of the program');
    ledger.account(58, 80, 'structure', 'header', 16);
    const [patterns, instruments] = [reader.u16le(70), reader.u16le(72, 'header')];
    let at = XM_HEADER + reader.u32le(60, 'size of the header');
    claim(reader, ledger, 80, Math.max(80, at), 'orders');
    for (let i = 0; i < patterns; i++) at = passPattern(reader, ledger, at);
    for (let i = 0; i < instruments; i++) at = passInstrument(reader, ledger, at);
    // Later programs append chunks of their own.
    ledger.raw(at, reader.size, 'additions');
  },
};

function claim(reader: Reader, ledger: Ledger, start: number, end: number, by: string): number {
  if (end > reader.size) throw new Truncated(reader.size, by, end - reader.size);
  ledger.raw(start, end, by);
  return end;
}

function passPattern(reader: Reader, ledger: Ledger, at: number): number {
  reader.meter.step();
  const [head, packing] = [reader.u32le(at, 'pattern'), reader.u8(at + 4, 'pattern')];
  if (head < 8 || head > 64 || packing !== 0)
    throw new Broken(at, 'head of a pattern', '8 to 64 bytes, packing 0', `${head}, ${packing}`);
  return claim(reader, ledger, at, at + head + reader.u16le(at + 7, 'pattern'), 'pattern');
}

/** A head; where there are samples, the size of their heads, these, and the data of all. */
function passInstrument(reader: Reader, ledger: Ledger, at: number): number {
  reader.meter.step();
  const [head, samples] = [reader.u32le(at, 'instrument'), reader.u16le(at + 27, 'instrument')];
  if (head < 29 || head > 1024 || samples > 256)
    throw new Broken(
      at,
      'head of an instrument',
      '29 to 1024 bytes, up to 256 samples',
      `${head}, ${samples}`,
    );
  const list = at + head;
  const size = samples === 0 ? 0 : reader.u32le(at + 29, 'size of the head of a sample');
  if (samples > 0 && (size < 12 || size > 256))
    throw new Broken(at + 29, 'head of a sample', '12 to 256', size);
  let end = list + samples * size;
  for (let i = 0; i < samples; i++) end += reader.u32le(list + i * size, 'length of a sample');
  return claim(reader, ledger, at, end, 'instrument');
}
