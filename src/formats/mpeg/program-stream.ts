import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { isZeroFilled } from '../tail.ts';

const PACK = 0xba;
const END = 0xb9;
const SYSTEM = 0xbb;
/** Framing proves runs longer than a packet; beyond this length of packets it isn't worth it. */
const LONGEST_PACKET = 4000;

export const mpegPs: Format = {
  id: 'mpeg-ps',
  title: 'MPEG program stream',
  extensions: ['mpg', 'mpeg', 'vob', 'm2p'],
  signatures: [{ at: 0, hex: '000001ba' }],
  spec: 'ISO/IEC 13818-1, section 2.5.3; ISO/IEC 11172-1, section 2.4',
  proof:
    'start codes and lengths lead from packet to packet, so that random bytes longer than a packet break them',
  texture: 'dense',
  verify(reader, ledger): void {
    let [at, from, longest] = [0, 0, 0];
    const claim = () => accountChain(ledger, from, at, longest);
    while (at < reader.size) {
      reader.meter.step();
      try {
        const next = nextPacket(reader, at);
        longest = Math.max(longest, next - at);
        at = next;
      } catch (error) {
        if (!(error instanceof Broken)) throw error;
        claim();
        if (isZeroFilled(reader, at, reader.size)) {
          ledger.account(at, reader.size, 'padding', 'zeros behind the end');
          return;
        }
        const next = error instanceof Truncated ? -1 : reader.indexOf('\0\0\x01\xba', at + 1);
        ledger.broken(error, next < 0 ? reader.size : next);
        if (next < 0) return;
        [at, from] = [next, next];
      }
    }
    claim();
  },
};

function accountChain(ledger: Ledger, start: number, end: number, longest: number): void {
  if (longest <= LONGEST_PACKET) ledger.account(start, end, 'structure', 'chain of packets', longest + 16);
  else ledger.coded(start, end, 'packets');
}

/** Where the packet at `at` ends. Zeros before a start code are stuffing. @throws Broken, Truncated */
function nextPacket(reader: Reader, at: number): number {
  const code = reader.u32be(at, 'start code');
  if (code >>> 8 !== 1) throw new Broken(at, 'start code', '000001', code.toString(16));
  const id = code & 255;
  if (id === PACK) return endOfPack(reader, at);
  if (id === END) return afterZeros(reader, at + 4);
  if (id < SYSTEM) throw new Broken(at + 3, 'stream of a packet', 'at least bb', id.toString(16));
  const end = at + 6 + reader.u16be(at + 4, 'packet length');
  if (end > reader.size) throw new Truncated(reader.size, 'packet', end - reader.size);
  return end;
}

/** MPEG-1: 12 bytes; MPEG-2: 14 and stuffing. Marker bits stand between the fields. */
function endOfPack(reader: Reader, at: number): number {
  const first = reader.u8(at + 4, 'pack header');
  if (first >> 6 === 1) {
    if (
      (first & 4) === 0 ||
      (reader.u8(at + 6) & 4) === 0 ||
      (reader.u8(at + 8) & 4) === 0 ||
      (reader.u8(at + 9) & 1) === 0
    )
      throw new Broken(at + 4, 'marker bits', 1, 0);
    return at + 14 + (reader.u8(at + 13, 'pack header') & 7);
  }
  if (first >> 4 !== 2) throw new Broken(at + 4, 'pack header', 'of MPEG-1 or MPEG-2', first);
  return at + 12;
}

function afterZeros(reader: Reader, from: number): number {
  let at = from;
  while (at + 4 <= reader.size && reader.u8(at) === 0 && reader.u32be(at) >>> 8 !== 1) at++;
  return at + 4 > reader.size && isZeroFilled(reader, at, reader.size) ? reader.size : at;
}
