import type { Range } from '../../../bytes/range.ts';
import type { Reader } from '../../../bytes/reader.ts';
import type { Notice } from '../container.ts';
import { mbrTypes } from './partition-types.ts';
import type { Partition, TableDraft } from './table-draft.ts';

const ENTRIES = 446;
const ENTRY = 16;
const MARK = 510;
/** Of the whole GPT disk, so that older systems see no free room (UEFI §5.2.3). */
const PROTECTIVE = 0xee;
const EXTENDED = new Set([0x05, 0x0f, 0x85]);
const MOST_LOGICAL = 256;

interface Slot {
  /** Offset in bytes of the entry. */
  readonly at: number;
  readonly type: number;
  /** In sectors. */
  readonly first: number;
  readonly count: number;
}

/**
 * The partitions of a master boot record, extended ones included, which form a chain of records of their own. Null
 * where sector 0 is no such record: boot code of a file system ends in 55AA, too, so that entries must make sense.
 */
export function readMbr(reader: Reader, sectorSize: number): TableDraft | null {
  const slots = readSlots(reader, 0);
  if (slots === null || slots.length === 0 || !slots.every((slot) => isPlausible(reader, slot, sectorSize))) {
    return null;
  }
  const table = new MbrTable(reader, sectorSize);
  for (const slot of slots) table.add(slot);
  return { scheme: 'mbr', ...table };
}

/** Whether sector 0 says that a GPT follows. */
export function isProtective(reader: Reader): boolean {
  return readSlots(reader, 0)?.some(({ type }) => type === PROTECTIVE) ?? false;
}

class MbrTable {
  readonly partitions: Partition[] = [];
  readonly tables: Range[] = [];
  readonly notices: Notice[] = [];
  readonly #reader: Reader;
  readonly #sector: number;
  #logical = 0;

  constructor(reader: Reader, sectorSize: number) {
    this.#reader = reader;
    this.#sector = sectorSize;
    this.tables.push({ start: 0, end: sectorSize });
  }

  add(slot: Slot): void {
    if (EXTENDED.has(slot.type)) this.#walkExtended(slot.first);
    else this.#push(1 + (slot.at - ENTRIES) / ENTRY, slot, slot.first);
  }

  /** Each record's first entry counts from that record, its second, the next record, from the extended partition. */
  #walkExtended(base: number): void {
    const visited = new Set<number>();
    for (let sector: number | null = base; sector !== null; ) {
      if (visited.has(sector) || this.#logical >= MOST_LOGICAL) {
        this.#warn(`the chain of extended boot records comes back to sector ${sector}, and ends there`);
        return;
      }
      visited.add(sector);
      sector = this.#readExtended(sector, base);
    }
  }

  /** Gives the sector of the next record. */
  #readExtended(sector: number, base: number): number | null {
    const at = sector * this.#sector;
    const slots = readSlots(this.#reader, at);
    if (slots === null) {
      this.#warn(`no extended boot record at byte ${at}: logical partitions after it are lost`);
      return null;
    }
    this.tables.push({ start: at, end: at + this.#sector });
    for (const slot of slots) {
      if (!EXTENDED.has(slot.type)) this.#push(5 + this.#logical++, slot, sector + slot.first);
    }
    const next = slots.find(({ type }) => EXTENDED.has(type));
    return next === undefined || next.first === 0 ? null : base + next.first;
  }

  #push(number: number, { type, count }: Slot, first: number): void {
    const hex = `0x${type.toString(16).padStart(2, '0')}`;
    const start = first * this.#sector;
    this.partitions.push({
      name: `p${number}`,
      type: type in mbrTypes ? `${hex} ${mbrTypes[type]}` : hex,
      label: null,
      start,
      end: start + count * this.#sector,
    });
  }

  #warn(text: string): void {
    this.notices.push({ level: 'wrong', text });
  }
}

/** The used entries of the record at byte `base`; null where there's no record. */
function readSlots(reader: Reader, base: number): Slot[] | null {
  if (!reader.has(base + MARK, [0x55, 0xaa])) return null;
  const slots: Slot[] = [];
  for (let at = ENTRIES; at < MARK; at += ENTRY) {
    const type = reader.u8(base + at + 4);
    const [first, count] = [reader.u32le(base + at + 8), reader.u32le(base + at + 12)];
    if (type !== 0 && count > 0) slots.push({ at, type, first, count });
  }
  return slots;
}

/** The first byte of an entry is 0 or 80; a partition begins behind the record, and on the disk. */
function isPlausible(reader: Reader, { at, first }: Slot, sectorSize: number): boolean {
  return (reader.u8(at) & 0x7f) === 0 && first > 0 && first * sectorSize < reader.size;
}
