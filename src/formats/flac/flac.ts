import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { accountId3, id3Length } from '../tags/id3v2.ts';
import { accountTailTags } from '../tags/tail-tags.ts';
import { accountTail } from '../tail.ts';
import { Frames } from './frames.ts';
import { accountMetadata, type StreamInfo } from './metadata.ts';

export const flac: Format = {
  id: 'flac',
  title: 'FLAC',
  extensions: ['flac', 'fla'],
  signatures: [{ at: 0, hex: '664c6143' }],
  spec: 'RFC 9639',
  proof: 'frames are decoded: CRC-8 and CRC-16 of each, MD5 of all samples',
  texture: 'dense',
  recognise: (head) => hasFlacBehindId3(head),
  verify(reader, ledger, context): void {
    const start = id3Length(reader, 0);
    const whole = { reader, ledger, context, start: 0, end: reader.size };
    if (start > 0) accountId3(whole);
    reader.expect(start, 'fLaC', 'signature');
    ledger.account(start, start + 4, 'structure', 'signature');
    const { info, end } = accountMetadata({ ...whole, start: start + 4 });
    const tags = accountTailTags({ ...whole, start: end });
    accountFrames(reader, ledger, info, end, tags);
  },
};

/** Taggers put ID3v2 before FLAC, though its specification asks not to. */
function hasFlacBehindId3(head: Uint8Array): boolean {
  if (head.length < 14 || head[0] !== 0x49 || head[1] !== 0x44 || head[2] !== 0x33) return false;
  const size =
    ((head[6]! & 127) << 21) | ((head[7]! & 127) << 14) | ((head[8]! & 127) << 7) | (head[9]! & 127);
  return Buffer.from(head.subarray(10 + size, 14 + size)).toString('latin1') === 'fLaC';
}

function accountFrames(reader: Reader, ledger: Ledger, info: StreamInfo, start: number, end: number): void {
  const frames = new Frames(reader, end, info);
  const good: { start: number; end: number }[] = [];
  let isWhole = true;
  let largest = 0;
  for (let at = start; at >= 0 && at < end; ) {
    // Recorders and tapes leave zeros behind the last frame.
    if (info.samples > 0 && frames.samples === info.samples && reader.u8(at) !== 0xff) {
      accountRest(reader, ledger, at, end);
      break;
    }
    try {
      const next = frames.decode(at);
      largest = Math.max(largest, next - at);
      const last = good.at(-1);
      if (last?.end === at) last.end = next;
      else good.push({ start: at, end: next });
      at = next;
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      isWhole = false;
      const next = error instanceof Truncated ? -1 : frames.resync(at);
      ledger.broken(error, next < 0 ? end : next);
      at = next;
    }
  }
  const isProved = isWhole && checkDigest(ledger, frames, info, start);
  const [by, floor] = isProved ? ['MD5 of the samples', 1] : ['CRC-16 of frames', largest + 4];
  for (const range of good) ledger.account(range.start, range.end, 'checksum', by as string, floor as number);
}

function accountRest(reader: Reader, ledger: Ledger, at: number, end: number): void {
  if (end === reader.size) accountTail(reader, ledger, at);
  else ledger.trailing(at, end);
}

/** Whether the samples are those that the encoder took in. */
function checkDigest(ledger: Ledger, frames: Frames, info: StreamInfo, start: number): boolean {
  if (info.samples > 0 && info.samples !== frames.samples) {
    if (frames.samples < info.samples && info.hasDigest)
      ledger.broken(new Broken(start, 'count of samples', info.samples, frames.samples));
    else ledger.oddity(start, `STREAMINFO counts ${info.samples} samples, the frames have ${frames.samples}`);
    return false;
  }
  if (!info.hasDigest) return false;
  const digest = frames.digest();
  if (digest === info.digest) return true;
  ledger.broken(new Broken(start, 'MD5 of the samples', info.digest, digest));
  return false;
}
