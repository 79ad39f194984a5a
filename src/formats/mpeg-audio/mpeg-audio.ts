import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { accountId3, id3Length } from '../tags/id3v2.ts';
import { accountTailTags } from '../tags/tail-tags.ts';
import { isZeroFilled } from '../tail.ts';
import { type FrameChain, headerAt, walkFrames } from './frames.ts';
import { readHeader } from './header.ts';
import { type LameTag, lameSum, readInfoFrame } from './lame.ts';

const proof =
  'a chain of frames whose headers agree, so that random bytes longer than a frame break it; LAME’s CRC-16 of all ' +
  'sound where it is kept; tags by their grammar';

export const mp3: Format = {
  id: 'mp3',
  title: 'MP3 audio',
  extensions: ['mp3', 'mpga'],
  signatures: [],
  spec: 'ISO/IEC 11172-3; ISO/IEC 13818-3; ID3v2.4; LAME tag specification',
  proof,
  texture: 'packed',
  recognise: (head, size) => recognise(head, size, [3]),
  verify: (reader, ledger, context) => {
    const whole = { reader, ledger, context, start: 0, end: reader.size };
    let start = 0;
    // Some taggers put a second tag behind the first.
    while (id3Length(reader, start) > 0) start = accountId3({ ...whole, start });
    const end = accountTailTags({ ...whole, start });
    accountSound(reader, ledger, skipZeros(reader, ledger, start, end), end);
  },
};

export const mp2: Format = {
  ...mp3,
  id: 'mp2',
  title: 'MPEG audio, layers 1 and 2',
  extensions: ['mp2', 'mp1', 'mpa', 'm2a'],
  recognise: (head, size) => recognise(head, size, [1, 2]),
};

/** Whether two frames follow each other, or an ID3v2 tag leads to one. */
function recognise(head: Uint8Array, size: number, layers: readonly number[]): boolean {
  if (size < 24) return false;
  const start = head[0] === 0x49 && head[1] === 0x44 && head[2] === 0x33 ? tagLength(head) : 0;
  if (start + 4 > head.length) return start > 0 && layers.includes(3);
  const header = readHeader(wordAt(head, start));
  if (header === null || !layers.includes(header.layer))
    return start > 0 && layers.includes(3) && head[start] === 0;
  const next = start + header.length;
  if (header.length === 0 || next + 4 > head.length) return true;
  return readHeader(wordAt(head, next))?.constant === header.constant;
}

function tagLength(head: Uint8Array): number {
  return (
    10 + ((head[6]! & 127) << 21) + ((head[7]! & 127) << 14) + ((head[8]! & 127) << 7) + (head[9]! & 127)
  );
}

function wordAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}

const MOST_ZEROS = 1 << 20;

/** Taggers leave zeros between tag and sound. */
function skipZeros(reader: Reader, ledger: Ledger, start: number, end: number): number {
  let at = start;
  while (at < Math.min(end, start + MOST_ZEROS) && reader.u8(at) === 0) at++;
  ledger.account(start, at, 'padding', 'zeros before the sound');
  return at;
}

function accountSound(reader: Reader, ledger: Ledger, start: number, end: number): void {
  if (start >= end) {
    ledger.oddity(start, 'tags without sound');
    return;
  }
  const first = headerAt(reader, start, end);
  const info = first !== null && first.layer === 3 ? readInfoFrame(reader, start, first) : null;
  const chain = walkFrames(reader, ledger, start, end);
  accountRest(reader, ledger, chain.end, end);
  // A header has 17 bits that are fixed, and its length must lead to the next one.
  const floor = chain.longest + 24;
  for (const run of chain.runs) ledger.account(run.start, run.end, 'structure', 'chain of frames', floor);
  if (info === null || first === null) return;
  if (info.frames >= 0 && Math.abs(info.frames - (chain.frames - 1)) > 1)
    ledger.oddity(start, `the first frame counts ${info.frames} frames, ${chain.frames - 1} follow`);
  if (info.lame !== null) checkSum(reader, ledger, chain, start, start + first.length, info.lame);
}

/** LAME sums up the sound behind its own frame. Editors that cut a file leave the sum as it was. */
function checkSum(
  reader: Reader,
  ledger: Ledger,
  chain: FrameChain,
  start: number,
  music: number,
  lame: LameTag,
): void {
  const end = start + lame.musicLength;
  if (!lame.isIntact || end > reader.size || end <= music || !chain.isWhole) return;
  let sum = 0;
  for (const part of reader.stream(music, end)) {
    reader.meter.step();
    sum = lameSum(part, sum);
  }
  if (sum === lame.musicSum) {
    ledger.account(
      music,
      Math.min(end, chain.end),
      'checksum',
      'LAME’s CRC-16, and the chain of frames',
      chain.longest + 24,
    );
    ledger.account(start, music, 'checksum', 'CRC-16 of LAME’s tag', 512);
  } else ledger.oddity(start, `LAME’s CRC-16 of the sound is ${lame.musicSum}, it is ${sum} now`);
}

function accountRest(reader: Reader, ledger: Ledger, at: number, end: number): void {
  if (at >= end) return;
  if (isZeroFilled(reader, at, end)) ledger.account(at, end, 'padding', 'zeros behind the sound');
  else ledger.trailing(at, end);
}
