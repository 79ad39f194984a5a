import { Broken } from '../../bytes/errors.ts';
import { Reader } from '../../bytes/reader.ts';
import { BufferSource } from '../../bytes/source.ts';
import { crc32 } from '../crc32.ts';
import { MsbBits } from '../msb-bits.ts';
import { undoAudio, undoDelta, undoRgb, undoX86 } from './filters.ts';
import type { Filter, History } from './history.ts';
import { NotUnpacked } from './not-unpacked.ts';

/** Flags of the first byte of a filter's record. */
const HAS_NUMBER = 0x80;
const IS_FURTHER = 0x40;
const HAS_LENGTH = 0x20;
const HAS_REGISTERS = 0x10;
const FURTHER = 258;
const MOST_FILTERS = 1024;
const MOST_CODE = 0x10000;
const REGISTERS = 7;

type Apply = Filter['apply'];

/**
 * RAR 3 sends filters as programs for a virtual machine; its writers only ever send six, which are known by length and
 * CRC-32 (unrar, rarvm.cpp, PrepareStandardFilter). `registers` has what the record sets.
 */
const programs: readonly {
  readonly length: number;
  readonly sum: number;
  readonly make: (registers: readonly number[]) => Apply | null;
}[] = [
  { length: 53, sum: 0xad576887, make: () => undoX86(false) },
  { length: 57, sum: 0x3cd7e57e, make: () => undoX86(true) },
  { length: 29, sum: 0x0e06077d, make: ([channels]) => (isCount(channels) ? undoDelta(channels) : null) },
  { length: 149, sum: 0x1c2c5dc8, make: ([width, red]) => undoRgb((width ?? 3) - 3, red ?? 0) },
  { length: 216, sum: 0xbc85e701, make: ([channels]) => (isCount(channels) ? undoAudio(channels) : null) },
];

function isCount(channels: number | undefined): channels is number {
  return channels !== undefined && channels >= 1 && channels <= 128;
}

/** The filters of an archive; a record may refer to one that was sent before. */
export class VmFilters {
  readonly #known: { readonly make: (registers: readonly number[]) => Apply | null; length: number }[] = [];
  #last = 0;

  /** Takes one record and hands its filter on. @throws Broken, NotUnpacked */
  take(bits: MsbBits, history: History): void {
    const { at } = bits;
    const first = bits.take(8);
    const record = readRecord(bits, first);
    const filter = this.#read(record, first, history.position, at);
    if (!history.addFilter(filter))
      throw new Broken(at, 'filter', 'a block ahead, in order', `${filter.length} bytes`);
  }

  #read(record: MsbBits, first: number, position: number, at: number): Filter {
    const which = this.#choose(record, first, at);
    const start = position + readNumber(record) + ((first & IS_FURTHER) === 0 ? 0 : FURTHER);
    const known = this.#known[which];
    const length = (first & HAS_LENGTH) === 0 ? (known?.length ?? 0) : readNumber(record);
    const registers = (first & HAS_REGISTERS) === 0 ? [] : readRegisters(record);
    const make = known?.make ?? readProgram(record, at);
    this.#known[which] = { make, length };
    const apply = make(registers);
    if (apply === null) throw new Broken(at, 'filter', 'registers in range', registers.join(', '));
    return { start, length, apply };
  }

  #choose(record: MsbBits, first: number, at: number): number {
    if ((first & HAS_NUMBER) === 0) return this.#last;
    const number = readNumber(record);
    if (number === 0) this.#known.length = 0;
    const which = Math.max(0, number - 1);
    if (which > this.#known.length || which >= MOST_FILTERS)
      throw new Broken(at, 'number of a filter', `at most ${this.#known.length}`, which);
    this.#last = which;
    return which;
  }
}

/** Its length stands in the first byte, or behind it. */
function readRecord(bits: MsbBits, first: number): MsbBits {
  let length = (first & 7) + 1;
  if (length === 7) length = bits.take(8) + 7;
  else if (length === 8) length = bits.take(16);
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = bits.take(8);
  return new MsbBits(new Reader(new BufferSource(bytes)), 0, length);
}

function readRegisters(record: MsbBits): number[] {
  const mask = record.take(REGISTERS);
  return Array.from({ length: REGISTERS }, (_, i) => (((mask >> i) & 1) === 0 ? 0 : readNumber(record)));
}

function readProgram(record: MsbBits, at: number): (registers: readonly number[]) => Apply | null {
  const length = readNumber(record);
  if (length === 0 || length >= MOST_CODE)
    throw new Broken(at, 'length of a filter', `1 to ${MOST_CODE - 1}`, length);
  const code = new Uint8Array(length);
  for (let i = 0; i < length; i++) code[i] = record.take(8);
  const sum = crc32(code);
  const program = programs.find((one) => one.length === length && one.sum === sum);
  if (program === undefined) throw new NotUnpacked(`a filter of ${length} bytes of code`);
  return program.make;
}

/** Four, eight, sixteen or 32 bits; small negative ones in eight (RarVM::ReadData). */
function readNumber(bits: MsbBits): number {
  switch (bits.take(2)) {
    case 0:
      return bits.take(4);
    case 1: {
      const high = bits.take(4);
      if (high === 0) return (0xffffff00 | bits.take(8)) >>> 0;
      return high * 16 + bits.take(4);
    }
    case 2:
      return bits.take(16);
    default:
      return bits.takeLong(32);
  }
}
