import {
  append,
  bySize,
  clip,
  head,
  KIB,
  type Layout,
  MIB,
  marked,
  opaque,
  repeated,
  rest,
  stripes,
  u32,
  u64,
  whole,
} from './geometry.ts';

const { floor } = Math;

const blackBasta = bySize(
  [4999, head((size) => size - (size % 64))],
  [2 ** 30, stripes(64, 192)],
  [rest, (size, random) => clip([{ start: 0, end: 5000 }, ...stripes(64, 6400, 5000)(size, random)], size)],
);
const firstBlackBasta = bySize([704, whole], [4096, stripes(64, 256)], [rest, stripes(64, 192)]);

/** Ten equal parts, a share of each (L43). */
function royal(percent: number): Layout['ranges'] {
  return bySize(
    [5_245_000, whole],
    [
      rest,
      (size) => {
        const part = floor(size / 10);
        return repeated(10, floor((part * percent) / 100 / 16) * 16, part, size);
      },
    ],
  );
}

/** Ten MiB, then a gap that leaves the share asked for (L33, SmartPattern). */
const smartPattern = bySize([10 * MIB, whole], [rest, stripes(MIB, 10 * MIB)]);

function cuba(size: number): number {
  if (size < 10 * MIB) return 4 * MIB;
  if (size < 50 * MIB) return 8 * MIB;
  return 16 * MIB;
}

const esxiArgs = bySize(
  [128 * MIB, whole],
  [rest, (size, random) => stripes(MIB, floor(size / MIB / 100) * MIB)(size, random)],
);

/** Stripes over the whole file (L14–L18, L24, L25, L27, L32–L34, L36, L39–L46, L51, L63, L68, L78, L79, L88, L97). */
export const stripeLayouts: readonly Layout[] = [
  {
    id: 'L32 Black Basta',
    ranges: blackBasta,
    trailer: (_, random) =>
      Buffer.concat([random.bytes(291), Buffer.from([6]), random.bytes(10), Buffer.from('.basta12345\0')]),
    rename: append('sah28vut5'),
  },
  { id: 'L97 Black Basta 2022', ranges: firstBlackBasta, trailer: opaque(133), rename: append('basta') },
  { id: 'L42 LockFile', ranges: stripes(16, 32, 32), trailer: opaque(16), rename: append('lockfile') },
  { id: 'L14 INC', ranges: stripes(1_000_000, 3_000_000), trailer: marked(32, 'INC'), rename: append('INC') },
  {
    id: 'L15 Trinity',
    ranges: stripes(MIB, 128 * MIB),
    trailer: (size, random) =>
      Buffer.from(
        `${random.bytes(32).toString('hex')};id-1;${random.bytes(120).toString('base64')};${random.bytes(120).toString('base64')};${size}`,
      ),
    rename: append('trinitylock'),
  },
  { id: 'L16 Rapture', ranges: stripes(88 * MIB, 892 * MIB), trailer: opaque(256), rename: append('HARADA') },
  {
    id: 'L17 SafePay 1/10',
    ranges: stripes(MIB, 10 * MIB),
    trailer: safePayTail(1),
    rename: append('safepay'),
  },
  {
    id: 'L17 SafePay 3/10',
    ranges: stripes(3 * MIB, 10 * MIB),
    trailer: safePayTail(3),
    rename: append('safepay'),
  },
  {
    id: 'L18 Proxima split',
    ranges: bySize([MIB, whole], [rest, stripes(128 * KIB, 640 * KIB)]),
    trailer: opaque(64),
    rename: append('Cylance'),
  },
  {
    id: 'L24 Enmity LB',
    ranges: bySize([MIB, whole], [rest, stripes(104_857, 10 * MIB)]),
    trailer: (_, random) =>
      Buffer.concat([Buffer.from('N:report.docx'), random.bytes(256), Buffer.from('LB')]),
    rename: append('iN9nt-Mail[x@y.z]ID-[A].enm'),
  },
  {
    id: 'L25 Mammon',
    ranges: (size, random) =>
      clip(
        [{ start: 0, end: 204_800 }, ...stripes(65_536, 6_619_136, 6_553_600 + 204_800)(size, random)],
        size,
      ),
    trailer: opaque(256),
    rename: append('aaabbbccc'),
  },
  {
    id: 'L27 MedusaLocker ECB',
    ranges: stripes(256 * KIB, 512 * KIB),
    trailer: (size, random) =>
      Buffer.concat([random.bytes(1536), u64(size), u32(1), u32(262_144), u32(262_144)]),
    rename: append('meduza24'),
  },
  {
    id: 'L34 LockBit 3',
    ranges: bySize([512 * KIB, whole], [rest, stripes(128 * KIB, 768 * KIB)]),
    trailer: (_, random) => Buffer.concat([random.bytes(150), Buffer.from([150, 0]), random.bytes(132)]),
    rename: (name) => `${name.slice(0, 1)}kYb2Xm.HLJkNskOq`,
  },
  {
    id: 'L33 BlackCat DotPattern',
    ranges: stripes(MIB, 5 * MIB),
    trailer: opaque(900),
    rename: append('sykffle'),
  },
  { id: 'L33 BlackCat SmartPattern', ranges: smartPattern, trailer: opaque(900), rename: append('kh1ftzx') },
  {
    id: 'L36 Qilin',
    ranges: stripes(MIB, 4 * MIB),
    trailer: marked(520, '-----END CIPHERTEXT BLOCK-----'),
    rename: append('MmXReVIxLV'),
  },
  {
    id: 'L39 GenieLocker',
    ranges: (size, random) =>
      clip(
        Array.from({ length: Math.ceil(size / (256 * KIB)) }, (_, i) => i)
          .filter((i) => i === 0 || random.below(3) === 0)
          .map((i) => ({ start: i * 256 * KIB, end: (i + 1) * 256 * KIB })),
        size,
      ),
    trailer: (_, random) => Buffer.concat([random.bytes(400), u32(400), u32(417), Buffer.from('GENIELOCK')]),
    rename: append('genie'),
  },
  { id: 'L40 ESXiArgs 1', ranges: esxiArgs, trailer: opaque(512), rename: append('args') },
  {
    id: 'L41 ESXiArgs 2',
    ranges: bySize([128 * MIB, whole], [rest, stripes(MIB, 2 * MIB)]),
    trailer: opaque(512),
  },
  { id: 'L43 Royal 50 %', ranges: royal(50), trailer: opaque(532), rename: append('royal') },
  {
    id: 'L44 Monti',
    ranges: bySize([1_048_000, whole], [4_190_000, head(100_000)], [rest, head((size) => floor(size / 4))]),
    trailer: (_, random) => Buffer.concat([Buffer.from('MONTI'), random.bytes(256)]),
    rename: append('monti'),
  },
  {
    id: 'L45 Yanluowang',
    ranges: bySize([3e9, whole], [rest, stripes(5e6, 205e6)]),
    trailer: opaque(1024),
    rename: append('yanluowang'),
  },
  {
    id: 'L46 Ryuk',
    ranges: bySize(
      [57_000_000, whole],
      [rest, (size) => repeated(floor(size / 2_000_000), 1_000_000, 2_000_000, size)],
    ),
    trailer: (_, random) => Buffer.concat([Buffer.from('RYUKTM', 'utf16le'), random.bytes(268)]),
    rename: append('RYK'),
  },
  {
    id: 'L51 RansomHub',
    ranges: stripes(1_048_576, 4 * MIB),
    trailer: opaque(120),
    rename: append('a1b2c3'),
  },
  {
    id: 'L63 Rhysida',
    ranges: bySize([MIB, whole], [rest, (size) => repeated(4, MIB, Math.max(MIB, floor(size / 4)), size)]),
    trailer: opaque(520),
    rename: append('rhysida'),
  },
  { id: 'L68 DarkSide', ranges: head(512 * KIB), trailer: opaque(144), rename: append('1a2b3c4d') },
  { id: 'L78 REvil et=2', ranges: stripes(MIB, 3 * MIB), trailer: opaque(232), rename: append('6k1x4') },
  {
    id: 'L79 Cuba',
    ranges: bySize([2 * MIB, whole], [rest, (size, random) => stripes(MIB, cuba(size))(size, random)]),
    header: (_, random) => Buffer.concat([Buffer.from('FIDEL.CA'), random.bytes(1016)]),
    rename: append('cuba'),
  },
  {
    id: 'L88 Nokoyawa',
    ranges: bySize([512 * KIB, whole], [rest, stripes(512 * KIB, 3 * 512 * KIB)]),
    trailer: marked(64, 'NEVADA'),
    rename: append('NEVADA'),
  },
  {
    id: 'L90 Abyss 33 %',
    ranges: bySize([MIB, whole], [rest, stripes(MIB, 3 * MIB)]),
    trailer: marked(500, Buffer.from('DBDCCCAB', 'hex')),
    rename: append('Abyss'),
  },
];

function safePayTail(k: number): NonNullable<Layout['trailer']> {
  return (size, random) => Buffer.concat([u64(size), random.bytes(64), Buffer.from([k, 1]), random.bytes(6)]);
}

/** Known by name, without numbers that could be generated, or not inside one file. */
export const notGenerated: Readonly<Record<string, string>> = {
  L22: 'holes and a tail: among the wipers, with the chunks in the tail',
  L30: 'places depend on a record whose modes are covered by L29',
  L49: 'block size not published',
  L50: 'pieces and their distance not published',
  L61: 'whole volumes',
  L62: 'an infected program',
  L64: 'sizes not published',
  L65: 'sizes not published',
  L67: 'sizes not published',
  L69: 'sizes not published',
  L71: 'sizes not published',
  L75: 'sizes not published',
  L76: 'key in a side file; in the file the same as L01',
  L82: 'percent by command line; covered by L09 and L43',
  L83: 'sizes not published',
  L87: 'covered by L04 and L47',
  L89: 'covered by head layouts and XOR',
  L96: 'above 1 GB',
};
