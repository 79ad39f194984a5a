import type { Reader } from '../../bytes/reader.ts';
import { type SizedLayout, sizedFormats } from './sized.ts';

/** Cartridges of consoles, whose header says how many banks of memory follow. */
export const cartridges = sizedFormats([
  {
    id: 'nes-rom',
    title: 'NES cartridge',
    extensions: ['nes'],
    signatures: [{ at: 0, hex: '4e45531a' }],
    spec: 'NESdev wiki, INES',
    data: 'program and characters',
    measure: measureNes,
  },
]);

const TRAINER = 512;

/** Banks of 16 KiB of program and 8 KiB of characters; a trainer may stand before them. Titles may follow. */
function measureNes(reader: Reader): SizedLayout {
  const trainer = (reader.u8(6, 'header') & 4) === 0 ? 0 : TRAINER;
  const dataEnd = 16 + trainer + 16384 * reader.u8(4) + 8192 * reader.u8(5);
  return { checked: [[0, 6]], dataStart: 16, dataEnd };
}
