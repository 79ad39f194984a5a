/** Calls and jumps are written relative to a file of this length. */
const CODE_SIZE = 0x1000000;

/** Absolute targets of x86 calls (E8) and, if asked for, jumps (E9) become relative again. */
export function undoX86(hasJumps: boolean): (block: Uint8Array, position: number) => Uint8Array {
  return (block, position) => {
    const view = new DataView(block.buffer, block.byteOffset, block.length);
    for (let at = 0; at + 4 < block.length; ) {
      const code = block[at++]!;
      if (code !== 0xe8 && !(hasJumps && code === 0xe9)) continue;
      const offset = (position + at) % CODE_SIZE;
      const address = view.getInt32(at, true);
      if (address < 0) {
        if (address + offset >= 0) view.setInt32(at, address + CODE_SIZE, true);
      } else if (address < CODE_SIZE) view.setInt32(at, address - offset, true);
      at += 4;
    }
    return block;
  };
}

/** Absolute targets of ARM's BL become relative again. */
export function undoArm(block: Uint8Array, position: number): Uint8Array {
  for (let at = 0; at + 3 < block.length; at += 4) {
    if (block[at + 3] !== 0xeb) continue;
    const target = block[at]! | (block[at + 1]! << 8) | (block[at + 2]! << 16);
    const offset = target - Math.floor((position + at) / 4);
    block[at] = offset;
    block[at + 1] = offset >> 8;
    block[at + 2] = offset >> 16;
  }
  return block;
}

/** Differences to the byte `channels` before, channel by channel, become bytes again. */
export function undoDelta(channels: number): (block: Uint8Array) => Uint8Array {
  return (block) => {
    const bytes = new Uint8Array(block.length);
    let from = 0;
    for (let channel = 0; channel < channels; channel++) {
      let before = 0;
      for (let at = channel; at < bytes.length; at += channels) {
        before = (before - block[from++]!) & 0xff;
        bytes[at] = before;
      }
    }
    return bytes;
  };
}

/** Rows of pixels, predicted from left, above and both (Paeth); red and blue as differences to green. */
export function undoRgb(width: number, redAt: number): (block: Uint8Array) => Uint8Array {
  return (block) => {
    const bytes = new Uint8Array(block.length);
    let from = 0;
    for (let channel = 0; channel < 3; channel++) {
      let before = 0;
      for (let at = channel; at < bytes.length; at += 3) {
        const predicted = at < width + 3 ? before : paeth(before, bytes[at - width]!, bytes[at - width - 3]!);
        before = (predicted - block[from++]!) & 0xff;
        bytes[at] = before;
      }
    }
    for (let at = redAt; at + 2 < bytes.length; at += 3) {
      const green = bytes[at + 1]!;
      bytes[at] = bytes[at]! + green;
      bytes[at + 2] = bytes[at + 2]! + green;
    }
    return bytes;
  };
}

function paeth(left: number, above: number, both: number): number {
  const sum = left + above - both;
  const [a, b, c] = [Math.abs(sum - left), Math.abs(sum - above), Math.abs(sum - both)];
  if (a <= b && a <= c) return left;
  return b <= c ? above : both;
}

/** Samples, predicted from the last three differences by weights that adapt. */
export function undoAudio(channels: number): (block: Uint8Array) => Uint8Array {
  return (block) => {
    const bytes = new Uint8Array(block.length);
    let from = 0;
    for (let channel = 0; channel < channels; channel++) {
      from = undoAudioChannel(block, from, bytes, channel, channels);
    }
    return bytes;
  };
}

const ADAPT_EVERY = 32;

function undoAudioChannel(
  block: Uint8Array,
  start: number,
  bytes: Uint8Array,
  channel: number,
  channels: number,
): number {
  const differences = [0, 0, 0];
  const weights = [0, 0, 0];
  const errors = new Array<number>(7).fill(0);
  let from = start;
  let before = 0;
  let lastDelta = 0;
  for (let at = channel, count = 0; at < bytes.length; at += channels, count++) {
    differences[2] = differences[1]!;
    differences[1] = lastDelta - differences[0]!;
    differences[0] = lastDelta;
    const weighted = weights.reduce((sum, weight, i) => sum + weight * differences[i]!, 8 * before);
    const coded = block[from++]!;
    const sample = (((weighted >>> 3) & 0xff) - coded) & 0xff;
    bytes[at] = sample;
    lastDelta = signed(sample - before);
    before = sample;
    const error = signed(coded) << 3;
    errors[0]! += Math.abs(error);
    differences.forEach((difference, i) => {
      errors[2 * i + 1]! += Math.abs(error - difference);
      errors[2 * i + 2]! += Math.abs(error + difference);
    });
    if ((count & (ADAPT_EVERY - 1)) === 0) adapt(errors, weights);
  }
  return from;
}

/** The weight whose change would have erred least goes up or down. */
function adapt(errors: number[], weights: number[]): void {
  const least = errors.indexOf(Math.min(...errors));
  errors.fill(0);
  if (least === 0) return;
  const which = (least - 1) >> 1;
  const isDown = (least & 1) === 1;
  if (isDown && weights[which]! >= -16) weights[which]!--;
  if (!isDown && weights[which]! < 16) weights[which]!++;
}

function signed(byte: number): number {
  return (byte << 24) >> 24;
}
