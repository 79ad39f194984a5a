/** Whether an opcode may follow another at this distance, by what of the last four bytes looked like opcodes. */
const isAllowed = [true, true, true, false, true, false, false, false];
const bitNumbers = [0, 1, 2, 2, 3, 3, 3, 3];

/** Turns the targets of x86 calls and jumps (E8, E9) back to distances (liblzma/simple/x86.c). */
export class X86Branches {
  #mask = 0;
  #last = -5;

  convert(bytes: Uint8Array, length: number, position: number): number {
    if (length < 5) return 0;
    if (((position - this.#last) | 0) >>> 0 > 5) this.#last = (position - 5) | 0;
    let i = 0;
    while (i <= length - 5) {
      if ((bytes[i]! & 0xfe) !== 0xe8) {
        i++;
        continue;
      }
      this.#shiftMask(((position + i - this.#last) | 0) >>> 0);
      this.#last = (position + i) | 0;
      if (this.#isBranch(bytes[i + 4]!)) {
        this.#convertOne(bytes, i, (position + i + 5) | 0);
        this.#mask = 0;
        i += 5;
      } else {
        this.#mask |= isSign(bytes[i + 4]!) ? 0x11 : 1;
        i++;
      }
    }
    return i;
  }

  #shiftMask(distance: number): void {
    if (distance > 5) this.#mask = 0;
    else for (let k = 0; k < distance; k++) this.#mask = (this.#mask & 0x77) << 1;
  }

  #isBranch(highest: number): boolean {
    return isSign(highest) && isAllowed[(this.#mask >> 1) & 7]! && this.#mask >> 1 < 0x10;
  }

  #convertOne(bytes: Uint8Array, i: number, next: number): void {
    let source = bytes[i + 1]! | (bytes[i + 2]! << 8) | (bytes[i + 3]! << 16) | (bytes[i + 4]! << 24);
    let target = (source - next) | 0;
    while (this.#mask !== 0) {
      const shift = bitNumbers[this.#mask >> 1]! * 8;
      if (!isSign((target >>> (24 - shift)) & 0xff)) break;
      source = target ^ (2 ** (32 - shift) - 1);
      target = (source - next) | 0;
    }
    bytes[i + 1] = target;
    bytes[i + 2] = target >> 8;
    bytes[i + 3] = target >> 16;
    bytes[i + 4] = 0 - ((target >> 24) & 1);
  }
}

/** The highest byte of a near target. */
function isSign(byte: number): boolean {
  return byte === 0 || byte === 0xff;
}
