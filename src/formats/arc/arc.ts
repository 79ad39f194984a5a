import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import { crc16 } from '../../checks/crc16.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context, Format } from '../format.ts';
import { accountSummed } from '../summed-content.ts';
import { accountTail } from '../tail.ts';
import { decoders } from './methods.ts';

const MARK = 0x1a;
const HEADER = 29;
/** The first version had no unpacked size: it's the packed one. */
const OLD_HEADER = 25;
const OLD = 1;
const LAST_METHOD = 11;

export const arc: Format = {
  id: 'arc',
  title: 'ARC archive',
  extensions: ['arc', 'ark'],
  signatures: [],
  spec: 'SEA ARC, ARC.DOC; M. Hertel, spark documentation',
  proof: 'CRC-16 and length of unpacked files (methods 1 to 4, 8, 9); others stay unproved',
  texture: 'dense',
  recognise: (head, size) => isHeader(head, size),
  verify(reader, ledger, context): void {
    for (let at = 0; ; ) {
      reader.meter.step();
      const method = readMethod(reader, at);
      if (method === 0) {
        ledger.account(at, at + 2, 'structure', 'end of the archive');
        accountTail(reader, ledger, at + 2);
        return;
      }
      at = accountFile(reader, ledger, context, at, method);
    }
  },
};

/** A name of printable ASCII that ends in a zero, and data inside of the file. */
function isHeader(head: Uint8Array, size: number): boolean {
  if (head.length < HEADER || head[0] !== MARK || head[1]! < 1 || head[1]! > LAST_METHOD) return false;
  const name = head.subarray(2, 15);
  const length = name.indexOf(0);
  const isName = length >= 1 && name.subarray(0, length).every((byte) => byte > 0x20 && byte < 0x7f);
  const packed = new DataView(head.buffer, head.byteOffset).getUint32(15, true);
  return isName && HEADER + packed < size;
}

function readMethod(reader: Reader, at: number): number {
  const mark = reader.u8(at, 'ARC header');
  const method = reader.u8(at + 1, 'ARC header');
  if (mark !== MARK || method > LAST_METHOD)
    throw new Broken(at, 'ARC header', `${MARK}, up to ${LAST_METHOD}`, `${mark}, ${method}`);
  return method;
}

/** CRC-16 lets 2⁻¹⁶ pass; that data cut anew come out at the very length and end, less than 1 in 64. */
const sum = { title: 'CRC-16', floor: 64, add: crc16 };

function accountFile(reader: Reader, ledger: Ledger, context: Context, at: number, method: number): number {
  const start = at + (method === OLD ? OLD_HEADER : HEADER);
  const packedSize = reader.u32le(at + 15, 'packed size');
  const stored = reader.u16le(at + 23, 'CRC-16 of a file');
  const size = method === OLD ? packedSize : reader.u32le(at + 25, 'size of a file');
  const name = reader.latin1(at + 2, 13).replace(/\0.*$/s, '');
  // Whatever is longer than the header overwrites the next, or data.
  ledger.account(at, start, 'structure', 'header', HEADER);
  const end = start + packedSize;
  const decoder = decoders.get(method);
  if (decoder !== undefined && packedSize > 0) {
    accountSummed(reader, ledger, context, { start, end, name, size, stored, sum, decoder });
  } else if (packedSize > 0) {
    const dataEnd = Math.min(end, reader.size);
    ledger.coded(start, dataEnd, 'data of a file');
    ledger.unexamined(start, dataEnd, `packed by ARC, method ${method}: ${name}`);
  }
  return end;
}
