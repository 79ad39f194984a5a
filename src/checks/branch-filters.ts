import type { Pieces } from './pieces.ts';
import { X86Branches } from './x86-branches.ts';

/**
 * Filters that make branch targets absolute before packing; these turn them back (XZ Utils, liblzma/simple; LZMA SDK,
 * Bra.c). A converter changes `bytes[0, length)` in place, whose first byte is the `position`th of the output, and gives
 * how many of them are final: the last few may need what follows.
 */
export interface Converter {
  convert(bytes: Uint8Array, length: number, position: number): number;
}

export const branchFilters = {
  x86: () => new X86Branches(),
  arm: () => stepping(4, convertArm),
  armThumb: () => stepping(2, convertArmThumb, 4),
  arm64: () => stepping(4, convertArm64),
  powerPc: () => stepping(4, convertPowerPc),
  sparc: () => stepping(4, convertSparc),
  itanium: () => stepping(16, convertItanium),
} as const satisfies Record<string, () => Converter>;

export type BranchFilter = keyof typeof branchFilters;

const BUFFER = 1 << 16;

/** Turns the branches of a stream back. @param position of its first byte, as the filter counts */
export function* unfilterBranches<Result>(
  filter: BranchFilter,
  pieces: Pieces<Result>,
  position = 0,
): Pieces<Result> {
  const converter = branchFilters[filter]();
  const buffer = new Uint8Array(BUFFER);
  let held = 0;
  let at = position;
  try {
    for (;;) {
      const next = pieces.next();
      if (next.done === true) {
        if (held > 0) yield buffer.subarray(0, held);
        return next.value;
      }
      for (let from = 0; from < next.value.length; ) {
        const part = next.value.subarray(from, from + BUFFER - held);
        buffer.set(part, held);
        from += part.length;
        held += part.length;
        const done = converter.convert(buffer, held, at);
        if (done > 0) yield buffer.subarray(0, done);
        buffer.copyWithin(0, done, held);
        held -= done;
        at = (at + done) >>> 0;
      }
    }
  } finally {
    pieces.return(undefined as never);
  }
}

/** Delta (The .xz File Format §5.3.3): each byte is a difference to the one `distance` before. */
export function* unfilterDelta<Result>(pieces: Pieces<Result>, distance: number): Pieces<Result> {
  const history = new Uint8Array(256);
  let at = 0;
  try {
    for (;;) {
      const next = pieces.next();
      if (next.done === true) return next.value;
      const output = new Uint8Array(next.value.length);
      for (let i = 0; i < output.length; i++, at = (at + 1) & 255) {
        const byte = (next.value[i]! + history[(at - distance) & 255]!) & 255;
        history[at] = byte;
        output[i] = byte;
      }
      yield output;
    }
  } finally {
    pieces.return(undefined as never);
  }
}

/** Gives the number of bytes to go on by, if more than a step; looks at `needed` bytes. */
type ConvertOne = (bytes: Uint8Array, i: number, position: number) => number;

function stepping(step: number, convertOne: ConvertOne, needed = step): Converter {
  return {
    convert(bytes, length, position) {
      let i = 0;
      while (i + needed <= length) i += step + convertOne(bytes, i, (position + i) | 0);
      return i;
    },
  };
}

function convertArm(bytes: Uint8Array, i: number, position: number): number {
  if (bytes[i + 3] !== 0xeb) return 0;
  const source = (bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16)) << 2;
  const target = (source - (position + 8)) >> 2;
  bytes[i] = target;
  bytes[i + 1] = target >> 8;
  bytes[i + 2] = target >> 16;
  return 0;
}

function convertArmThumb(bytes: Uint8Array, i: number, position: number): number {
  if ((bytes[i + 1]! & 0xf8) !== 0xf0 || (bytes[i + 3]! & 0xf8) !== 0xf8) return 0;
  const source = ((bytes[i + 1]! & 7) << 19) | (bytes[i]! << 11) | ((bytes[i + 3]! & 7) << 8) | bytes[i + 2]!;
  const target = ((source << 1) - (position + 4)) >> 1;
  bytes[i + 1] = 0xf0 | ((target >> 19) & 7);
  bytes[i] = target >> 11;
  bytes[i + 3] = 0xf8 | ((target >> 8) & 7);
  bytes[i + 2] = target;
  return 2;
}

function convertPowerPc(bytes: Uint8Array, i: number, position: number): number {
  if (bytes[i]! >> 2 !== 0x12 || (bytes[i + 3]! & 3) !== 1) return 0;
  const source =
    ((bytes[i]! & 3) << 24) | (bytes[i + 1]! << 16) | (bytes[i + 2]! << 8) | (bytes[i + 3]! & ~3);
  const target = source - position;
  bytes[i] = 0x48 | ((target >> 24) & 3);
  bytes[i + 1] = target >> 16;
  bytes[i + 2] = target >> 8;
  bytes[i + 3] = (bytes[i + 3]! & 3) | (target & 0xfc);
  return 0;
}

function convertSparc(bytes: Uint8Array, i: number, position: number): number {
  const isBranch =
    (bytes[i] === 0x40 && (bytes[i + 1]! & 0xc0) === 0) || (bytes[i] === 0x7f && bytes[i + 1]! >= 0xc0);
  if (!isBranch) return 0;
  const source = (bytes[i]! << 24) | (bytes[i + 1]! << 16) | (bytes[i + 2]! << 8) | bytes[i + 3]!;
  const short = ((source << 2) - position) >>> 2;
  const sign = ((0 - ((short >>> 22) & 1)) << 22) & 0x3fffffff;
  const target = sign | (short & 0x3fffff) | 0x40000000;
  bytes[i] = target >> 24;
  bytes[i + 1] = target >> 16;
  bytes[i + 2] = target >> 8;
  bytes[i + 3] = target;
  return 0;
}

function convertArm64(bytes: Uint8Array, i: number, position: number): number {
  const code = (bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24)) >>> 0;
  // BL, by 26 bits of words.
  if (code >>> 26 === 0x25) {
    putWord(bytes, i, 0x94000000 | ((code - (position >>> 2)) & 0x03ffffff));
    return 0;
  }
  // ADRP, by 21 bits of pages; only those within 512 MiB are filtered.
  if ((code & 0x9f000000) >>> 0 !== 0x90000000) return 0;
  const source = ((code >>> 29) & 3) | ((code >>> 3) & 0x1ffffc);
  if (((source + 0x20000) & 0x1c0000) !== 0) return 0;
  const target = source - (position >>> 12);
  const high = (0 - (target & 0x20000)) & 0xe00000;
  putWord(bytes, i, (code & 0x9000001f) | ((target & 3) << 29) | ((target & 0x3fffc) << 3) | high);
  return 0;
}

function putWord(bytes: Uint8Array, i: number, value: number): void {
  bytes[i] = value;
  bytes[i + 1] = value >> 8;
  bytes[i + 2] = value >> 16;
  bytes[i + 3] = value >> 24;
}

/** Which of the three slots of a bundle may hold a branch, by its template. */
const branchSlots = [
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 4, 6, 6, 0, 0, 7, 7, 4, 4, 0, 0, 4, 4, 0, 0,
];

function convertItanium(bytes: Uint8Array, i: number, position: number): number {
  const slots = branchSlots[bytes[i]! & 31]!;
  for (let slot = 0; slot < 3; slot++) if (((slots >> slot) & 1) !== 0) convertSlot(bytes, i, slot, position);
  return 0;
}

/** Slots have 41 bits, so that 48 of the bundle hold one: more than numbers can shift. */
function convertSlot(bytes: Uint8Array, i: number, slot: number, position: number): void {
  const bit = 5 + 41 * slot;
  const view = Buffer.from(bytes.buffer, bytes.byteOffset + i + (bit >> 3), 6);
  const whole = BigInt(view.readUIntLE(0, 6));
  const shift = BigInt(bit & 7);
  const code = whole >> shift;
  if (((code >> 37n) & 15n) !== 5n || ((code >> 9n) & 7n) !== 0n) return;
  const source = Number(((code >> 13n) & 0xfffffn) | (((code >> 36n) & 1n) << 20n)) << 4;
  const target = BigInt(((source - position) >>> 4) & 0x1fffff);
  const cleared = code & ~(0x8fffffn << 13n);
  const changed = cleared | ((target & 0xfffffn) << 13n) | ((target & 0x100000n) << 16n);
  const kept = whole & ((1n << shift) - 1n);
  view.writeUIntLE(Number((kept | (changed << shift)) & 0xffffffffffffn), 0, 6);
}
