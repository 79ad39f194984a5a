import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context, Format } from '../format.ts';
import { CpioWalk } from './walk.ts';

export const cpio: Format = {
  id: 'cpio',
  title: 'cpio archive',
  extensions: ['cpio', 'newc', 'odc'],
  signatures: [
    { at: 0, hex: '303730373031' },
    { at: 0, hex: '303730373032' },
    { at: 0, hex: '303730373037' },
  ],
  spec: 'cpio(5), FreeBSD manual; initramfs: Linux, Documentation/driver-api/early-userspace/buffer-format.rst',
  proof:
    'headers by the grammar of their digits, data by what the members prove themselves and, in the CRC variant, a sum; numbers of the binary variant stay unproved',
  texture: 'packed',
  recognise: isOldBinary,
  verify(reader: Reader, ledger: Ledger, context: Context): void {
    new CpioWalk(reader, ledger, context).walk();
  },
};

/** Two bytes of magic are few: the name of the first entry ends where it should. */
function isOldBinary(head: Uint8Array): boolean {
  const isLittle = head[0] === 0xc7 && head[1] === 0x71;
  if (!isLittle && !(head[0] === 0x71 && head[1] === 0xc7)) return false;
  const nameSize = isLittle ? head[20]! | (head[21]! << 8) : (head[20]! << 8) | head[21]!;
  const name = head.subarray(26, 26 + nameSize);
  return nameSize > 1 && name.indexOf(0) === nameSize - 1;
}
