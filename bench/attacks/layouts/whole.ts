import { crc32 } from 'node:zlib';
import {
  append,
  bySize,
  head,
  KIB,
  type Layout,
  MIB,
  marked,
  opaque,
  rest,
  u32,
  u64,
  whole,
} from './geometry.ts';

/** The whole file, or all but its first bytes (layouts L01–L03, L31, L48, L60, L72, L73, L84, L86, L92, L95). */
export const wholeLayouts: readonly Layout[] = [
  { id: 'L01 Magniber', ranges: whole, trailer: opaque(256), rename: append('jqxvkzwm') },
  {
    id: 'L01 Maze',
    ranges: whole,
    trailer: marked(260, Buffer.from('66116166', 'hex')),
    rename: append('k3Vd9'),
  },
  {
    id: 'L01 Megazord',
    ranges: whole,
    trailer: (_, random) => Buffer.concat([Buffer.alloc(8), random.bytes(32)]),
    rename: append('powerranges'),
  },
  {
    id: 'L02 WannaCry',
    ranges: whole,
    header: (size, random) =>
      Buffer.concat([Buffer.from('WANACRY!'), u32(256), random.bytes(256), u32(4), u64(size)]),
    rename: append('WNCRY'),
  },
  {
    id: 'L02 DearCry',
    ranges: whole,
    header: (size, random) =>
      Buffer.concat([Buffer.from('DEARCRY!'), u32(256), random.bytes(256), u32(4), u64(size)]),
    rename: append('CRYPT'),
  },
  {
    id: 'L73 GoodMorning',
    ranges: whole,
    padded: true,
    header: (size, random) => Buffer.concat([Buffer.from(String(size).padStart(16, '0')), random.bytes(16)]),
    rename: append('Id(1A2B3C4D) Send Email(a@b.c).GoodMorning'),
  },
  {
    id: 'L84 DeadBolt',
    ranges: whole,
    padded: true,
    trailer: (size, random) =>
      Buffer.concat([Buffer.from('DEADBOLT'), u64(size), random.bytes(96), Buffer.alloc(16)]),
    rename: append('deadbolt'),
  },
  {
    id: 'L72 Money Message',
    ranges: whole,
    trailer: (_, random) => {
      const body = Buffer.concat([u32(140), random.bytes(164)]);
      return Buffer.concat([body, u32(crc32(body))]);
    },
  },
  {
    id: 'L31 Hive v6',
    ranges: head(rest, 0x3e),
    trailer: opaque(658),
    rename: append('b3FhY2t1c2hk_aGVsbG8'),
  },
  { id: 'L86 ProLock', ranges: head(rest, 8 * KIB), trailer: opaque(300), rename: append('proLock') },
  { id: 'L48 Xorist', ranges: head(rest, 51), rename: append('EnCiPhErEd') },
  { id: 'L92 name kept', ranges: whole },
  { id: 'L95 Dark Power', ranges: whole, rename: append('dark_power') },
];

/** Heads (L03–L08, L47, L70, L81, L85). */
export const headLayouts: readonly Layout[] = [
  { id: 'L03 LockBit 2', ranges: head(4 * KIB), trailer: opaque(512), rename: append('lockbit') },
  { id: 'L04 NotPetya', ranges: head(MIB) },
  { id: 'L04 Conti header', ranges: head(MIB), trailer: contiTail(0x26, 0), rename: append('QWERT') },
  {
    id: 'L05 STOP/Djvu',
    ranges: head(153_605, 5),
    trailer: (_, random) =>
      Buffer.concat([
        random.bytes(256),
        Buffer.from('0a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T'),
        Buffer.from('{36A698B9-D67C-4E07-BE82-0EC5B14B4DF5}'),
      ]),
    rename: append('djvu'),
  },
  {
    id: 'L06 Sojusz',
    ranges: head(102_400),
    trailer: (_, random) => Buffer.concat([random.bytes(8), Buffer.from(random.bytes(256).toString('hex'))]),
    rename: append('[a1b2c3d4].[x@y.z].Nigra'),
  },
  { id: 'L07 Babuk ESXi', ranges: head(512 * MIB), trailer: opaque(32), rename: append('babyk') },
  {
    id: 'L08 MYEK',
    ranges: head(10 * KIB * MIB),
    trailer: (_, random) =>
      Buffer.concat([random.bytes(12), Buffer.from('MYEK'), u32(256), random.bytes(256)]),
    rename: append('clear'),
  },
  { id: 'L47 TorrentLocker', ranges: head(2_000_000), trailer: opaque(264), rename: append('encrypted') },
  {
    id: 'L70 Makop',
    ranges: bySize([1_500_000, whole], [rest, head(1_048_576)]),
    trailer: (_, random) =>
      Buffer.concat([random.bytes(32), u32(32), random.bytes(148), Buffer.from('F32E5921', 'hex')]),
    rename: append('[AB12CD34].[x@y.z].makop'),
  },
  { id: 'L81 Trigona', ranges: head(512 * KIB), trailer: opaque(600), rename: append('_locked') },
  {
    id: 'L85 HermeticRansom',
    ranges: head(9 * MIB),
    trailer: marked(256, 'ZVL2KH87ORH3OB1J1PO2SBHWJSNFSB4A'),
    rename: append('[x@y.z].encryptedJB'),
  },
];

/** Mode, percent and original size stand in the last ten bytes of 534. */
export function contiTail(mode: number, percent: number): NonNullable<Layout['trailer']> {
  return (size, random) => Buffer.concat([random.bytes(524), Buffer.from([mode, percent]), u64(size)]);
}
