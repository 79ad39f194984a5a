import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { crc16 } from '../flac/crc.ts';
import type { Format } from '../format.ts';

/** Kilobits a second by half of the frame size code (ATSC A/52 table 5.18). */
const bitRates = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640];

const proof = 'frames follow each other, and CRC-16 fits over each';

export const ac3: Format = {
  id: 'ac3',
  title: 'Dolby Digital',
  extensions: ['ac3'],
  signatures: [{ at: 0, hex: '0b7700000040', mask: 'ffff000000f8' }],
  spec: 'ATSC A/52:2018, section 5 and 7.10',
  proof,
  texture: 'dense',
  verify: (reader, ledger) => walkFrames(reader, ledger),
};

export const eac3: Format = {
  ...ac3,
  id: 'eac3',
  title: 'Dolby Digital Plus',
  extensions: ['eac3', 'ec3'],
  signatures: [{ at: 0, hex: '0b7700000080', mask: 'ffff000000f8' }],
  spec: 'ATSC A/52:2018, annex E',
};

function walkFrames(reader: Reader, ledger: Ledger): void {
  let [at, from, longest] = [0, 0, 0];
  const claim = () => ledger.account(from, at, 'checksum', 'CRC-16 of frames', longest + 4);
  while (at < reader.size) {
    reader.meter.step();
    try {
      const length = frameLength(reader, at);
      checkSums(reader, at, length);
      longest = Math.max(longest, length);
      at += length;
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      claim();
      const next = error instanceof Truncated ? -1 : resync(reader, at + 1);
      ledger.broken(error, next < 0 ? reader.size : next);
      if (next < 0) return;
      [at, from] = [next, next];
    }
  }
  claim();
}

/** In bytes. @throws Broken, Truncated */
function frameLength(reader: Reader, at: number): number {
  reader.expect(at, [0x0b, 0x77], 'sync word');
  const length = isEnhanced(reader, at) ? 2 * ((reader.u16be(at + 2) & 0x7ff) + 1) : plainLength(reader, at);
  if (length < 8) throw new Broken(at, 'frame length', 'at least 8', length);
  if (at + length > reader.size) throw new Truncated(reader.size, 'frame', at + length - reader.size);
  return length;
}

/** Bitstream identifications up to 10 are plain AC-3. */
function isEnhanced(reader: Reader, at: number): boolean {
  return reader.u8(at + 5, 'frame header') >> 3 > 10;
}

function plainLength(reader: Reader, at: number): number {
  const code = reader.u8(at + 4);
  const rate = bitRates[(code & 63) >> 1];
  if (rate === undefined || code >> 6 === 3) throw new Broken(at + 4, 'frame size code', '0–37', code & 63);
  if (code >> 6 === 0) return 4 * rate;
  if (code >> 6 === 2) return 6 * rate;
  return 2 * (Math.floor((320 * rate) / 147) + (code & 1));
}

/** Section 7.10.1: the first sum covers five eighths of a plain frame, the second all of a frame but the sync word. */
function checkSums(reader: Reader, at: number, length: number): void {
  const bytes = reader.bytes(at, length, 'frame');
  if (crc16(bytes, 2, length) !== 0) throw new Broken(at + length - 2, 'CRC-16 of a frame', 0, 'another');
  const words = length >> 1;
  const part = ((words >> 1) + (words >> 3)) << 1;
  if (!isEnhanced(reader, at) && crc16(reader.bytes(at, length), 2, part) !== 0)
    throw new Broken(at + 2, 'CRC-16 of the first part of a frame', 0, 'another');
}

function resync(reader: Reader, from: number): number {
  const end = reader.size;
  for (
    let at = reader.indexOf('\x0b\x77', from, end);
    at >= 0;
    at = reader.indexOf('\x0b\x77', at + 1, end)
  ) {
    reader.meter.step(16);
    try {
      checkSums(reader, at, frameLength(reader, at));
      return at;
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
    }
  }
  return -1;
}
