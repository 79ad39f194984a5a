import type { Range } from '../../../src/bytes/range.ts';
import type { Random } from '../random.ts';
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
  pieces,
  repeated,
  rest,
  stripes,
  u32,
  u64,
  whole,
} from './geometry.ts';
import { contiTail } from './whole.ts';

const { floor, ceil, min } = Math;

/** Parts of 100 that one chunk takes, by percent asked for (L09). */
const contiParts = new Map([
  [10, 4],
  [15, 5],
  [20, 7],
  [25, 9],
  [30, 10],
  [35, 12],
  [40, 14],
  [60, 20],
  [70, 23],
  [80, 27],
]);

function conti(percent: number): Layout['ranges'] {
  return (size) => {
    const hundredth = floor(size / 100);
    if (percent === 50) return repeated(5, hundredth * 10, hundredth * 20, size);
    const length = hundredth * contiParts.get(percent)!;
    const step = floor((size - length) / 2);
    return repeated(3, length, step, size);
  };
}

function akira(percent: number): Layout['ranges'] {
  return (size) => {
    const encrypted = floor((size * percent) / 100);
    if (size <= 2_000_000) return clip([{ start: 0, end: encrypted }], size);
    const [count, parts] = percent < 50 ? [2, 3] : [4, 5];
    const length = floor(encrypted / parts);
    return repeated(count, length, floor((size - count * length) / parts) + length, size);
  };
}

const babuk = bySize(
  [64, whole],
  [5 * MIB, head((size) => floor(size / 10))],
  [20 * MIB, (size) => repeated(3, MIB, floor(size / 3), size)],
  [rest, (size) => repeated(floor(size / (10 * MIB)), MIB, 10 * MIB, size)],
);

const surtr = bySize(
  [MIB, whole],
  [5 * MIB, (size) => pieces(448 * KIB, [0, size - 448 * KIB], size)],
  [
    20 * MIB,
    (size) => pieces(MIB, [0, floor(size / 2) - 512 * KIB, 2 * (floor(size / 2) - 512 * KIB)], size),
  ],
  [
    rest,
    (size) => [...repeated(floor(size / (10 * MIB)), MIB, 10 * MIB, size), { start: size - MIB, end: size }],
  ],
);

/** Blocks of databases and archives, by size (L19). */
function protonBlocks(size: number): number {
  if (size < 6 * MIB) return 4;
  if (size < 50 * MIB) return 16;
  return size < 100 * MIB ? 32 : 64;
}

function flush(count: number, length: number, size: number): Range[] {
  const step = floor(size / count);
  const starts = Array.from({ length: count }, (_, i) => (i === count - 1 ? size - length : i * step));
  return pieces(length, starts, size);
}

function proton(small: number, length: number, count: (size: number) => number): Layout['ranges'] {
  return bySize([small, whole], [rest, (size) => flush(count(size), length, size)]);
}

function shinra(alignment: number): Layout['ranges'] {
  return bySize(
    [458_752, whole],
    [
      rest,
      (size) => {
        const count = size < 30 * MIB ? 3 : 4;
        const step = floor(size / count);
        const starts = Array.from({ length: count }, (_, i) => ceil((i * step) / alignment) * alignment);
        return pieces(86_016, starts, size);
      },
    ],
  );
}

const darkbit = bySize(
  [25_600, whole],
  [1_024_000, darkbitPieces(2, 12_000)],
  [4_096_000, darkbitPieces(3, 10_000)],
  [7_168_000, darkbitPieces(2, 20_000)],
  [11_264_000, darkbitPieces(3, 30_000)],
  [52_224_000, darkbitPieces(5, 30_000)],
  [1_024_000_000, darkbitPieces(3, 1_000_000)],
  [rest, darkbitPieces(5, 1_000_000)],
);

function darkbitPieces(count: number, length: number): Layout['ranges'] {
  return (size) => {
    const starts = Array.from({ length: count }, (_, i) => floor((i * floor(size / count)) / 16) * 16);
    return pieces(length, starts, size);
  };
}

/** From byte 0x4B on all, or a tenth and then a twentieth in blocks of 512 KiB, evenly spread (L29). */
const hunters: Layout['ranges'] = (size) => {
  if (size <= 5 * MIB) return clip([{ start: 0x36, end: size }], size);
  const first = min(100 * MIB, floor(size / 10));
  const count = Math.max(1, floor(min(100 * MIB, floor(size / 20)) / (512 * KIB)));
  const step = floor((size - first) / (count + 1));
  const starts = Array.from({ length: count }, (_, i) => first + (i + 1) * step);
  return clip([{ start: 0x36, end: first }, ...pieces(512 * KIB, starts, size)], size);
};

/** Runs whose places depend on the key: a third of 2·(n >> 24) + 1 parts (L38). */
const mimic: Layout['ranges'] = (size, random: Random) => {
  if (size < 50 * MIB) return whole(size, random);
  const parts = 2 * floor(size / 2 ** 24) + 1;
  const length = floor((size - 2 * MIB) / parts);
  const starts = Array.from({ length: parts }, (_, i) => MIB + i * length + random.below(floor(length / 4)));
  return clip(
    [
      { start: 0, end: MIB },
      ...starts.map((start) => ({ start, end: start + min(8 * MIB, floor(length / 3)) })),
      { start: size - MIB, end: size },
    ],
    size,
  );
};

/** The first and the last block, and every second between (L35). */
const play = bySize(
  [16_711_680, whole],
  [
    rest,
    (size) => {
      const blocks = ceil(size / MIB);
      const chosen = Array.from({ length: blocks }, (_, i) => i).filter(
        (i) => i % 2 === 0 || i === blocks - 1,
      );
      return pieces(
        MIB,
        chosen.map((i) => i * MIB),
        size,
      );
    },
  ],
);

const zeppelin = bySize(
  [2 * MIB, whole],
  [rest, (size) => pieces(512 * KIB, [0, floor(size / 2), size - 512 * KIB], size)],
);

const rcru64 = bySize(
  [2_048_000, whole],
  [
    rest,
    (size) =>
      clip(
        [
          { start: 0, end: 184_984 },
          { start: size - 511_984, end: size },
        ],
        size,
      ),
  ],
);

/** Head, tail and a few spots (L09–L13, L19–L23, L26, L29, L35, L37, L38). */
export const spotLayouts: readonly Layout[] = [
  { id: 'L09 Conti 10 %', ranges: conti(10), trailer: contiTail(0x25, 10), rename: append('KCWTT') },
  { id: 'L09 Conti 20 %', ranges: conti(20), trailer: contiTail(0x25, 20), rename: append('KCWTT') },
  { id: 'L09 Conti 50 %', ranges: conti(50), trailer: contiTail(0x25, 50), rename: append('KCWTT') },
  { id: 'L10 Akira 15 %', ranges: akira(15), trailer: contiTail(1, 15), rename: append('akira') },
  { id: 'L10 Akira 50 %', ranges: akira(50), trailer: contiTail(2, 50), rename: append('akira') },
  {
    id: 'L11 Babuk',
    ranges: babuk,
    trailer: marked(36, 'choung dong looks like hot dog!!'),
    rename: append('babyk'),
  },
  {
    id: 'L12 Babuk NAS',
    ranges: bySize([20 * MIB, head(4 * MIB)], [rest, stripes(MIB, 10 * MIB)]),
    trailer: marked(32, Buffer.from('ABBCCDDEEFF0', 'hex')),
    rename: append('babyk'),
  },
  {
    id: 'L13 Surtr',
    ranges: surtr,
    trailer: (_, random) => Buffer.concat([Buffer.from('SURTR'), random.bytes(128), Buffer.from('****')]),
    rename: append('[x@y.z].SURT'),
  },
  {
    id: 'L19 Proton',
    ranges: proton(0x180000, 256 * KIB, () => 3),
    trailer: opaque(176),
    rename: append('[x@y.z].kigatsu'),
  },
  {
    id: 'L19 Proton, databases',
    ranges: proton(0x96000, 128 * KIB, protonBlocks),
    trailer: opaque(176),
    rename: append('[x@y.z].Zola'),
  },
  {
    id: 'L20 Shinra',
    ranges: shinra(16),
    trailer: opaque(644),
    rename: (name) => `${name.length}kq7Zp3.OPIX`,
  },
  {
    id: 'L21 LokiLocker',
    ranges: bySize(
      [1_572_863, whole],
      [rest, (size) => pieces(256 * KIB, [0, floor(size / 2) - 131_072, size - 262_144], size)],
    ),
    trailer: opaque(256),
    rename: (name) => `[x@y.z][A1B2C3D4]${name}.Loki`,
  },
  {
    id: 'L23 Zeppelin',
    ranges: zeppelin,
    trailer: (_, random) => Buffer.concat([random.bytes(300), u32(304)]),
    rename: append('123-456-789'),
  },
  {
    id: 'L26 RCRU64',
    ranges: rcru64,
    trailer: (size, random) => Buffer.concat([random.bytes(256), Buffer.from(`wenf=${size}&4r*3d`)]),
    rename: append('[ID-X_Mail-x@y.z].D2D'),
  },
  { id: 'L29 Hunters', ranges: hunters, trailer: opaque(661), rename: append('locked') },
  { id: 'L35 Play', ranges: play, trailer: opaque(1064), rename: append('PLAY') },
  {
    id: 'L37 DarkBit',
    ranges: darkbit,
    trailer: (_, random) =>
      Buffer.concat([Buffer.from('DARKBIT_ENCRYPTED_FILES|'), random.bytes(64), Buffer.from('DARKBIT')]),
    rename: append('Darkbit'),
  },
  { id: 'L38 Mimic', ranges: mimic, trailer: opaque(80), rename: append('QUIETPLACE') },
  {
    id: 'L77 Hive v3',
    ranges: (size) => stripes(4096, Math.max(8192, 4096 + (floor(size / 20) & ~4095)))(size, null as never),
    rename: append('w2WzTuMQ_Sg.hive'),
  },
  {
    id: 'L80 PolyVice',
    ranges: bySize(
      [5_000_000, whole],
      [100_000_000, (size) => pieces(2_500_000, [0, size - 2_500_000], size)],
      [rest, (size) => repeated(10, 2_500_000, floor(size / 10), size)],
    ),
    trailer: opaque(1000),
    rename: append('v1cesO0ciety'),
  },
  {
    id: 'L91 BlackByte',
    ranges: bySize(
      [5_000_000, whole],
      [15_000_000, (size) => pieces(1_000_000, [0, size - 1_000_000], size)],
      [rest, (size) => pieces(1_000_000, [0, floor(size / 2), size - 1_000_000], size)],
    ),
    rename: append('blackbyte'),
  },
  {
    id: 'L28 MedusaLocker 3',
    ranges: (size) => {
      const e = min(4 * MIB, size);
      const front = stripes(64 * KIB, 128 * KIB)(e, null as never);
      if (size <= 2 * e) return front;
      return clip(
        [...front, ...front.map((range) => ({ start: range.start + size - e, end: range.end + size - e }))],
        size,
      );
    },
    trailer: (size, random) => Buffer.concat([random.bytes(1536), u64(size)]),
    rename: append('hazard'),
  },
];
