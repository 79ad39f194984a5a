import { describe, expect, it } from 'vitest';
import { Meter } from '../../src/bytes/meter.ts';
import { decodeFax } from '../../src/checks/fax.ts';

const bytesOf = (bits: string): Uint8Array =>
  Uint8Array.from(bits.padEnd(8 * Math.ceil(bits.length / 8), '0').match(/.{8}/g) ?? [], (byte) =>
    Number.parseInt(byte, 2),
  );
const group4 = { coding: 'group4', isReversed: false } as const;
const modified = { coding: 'modified', isReversed: false } as const;

describe('fax rows', () => {
  it('of group 4 end at the width: two white rows are two bits', () => {
    expect(decodeFax(bytesOf('11'), 0, 2, 1728, group4, new Meter())).toBe(1);
  });

  it('of group 4 are coded by runs where the row before does not help', () => {
    // Horizontal: 4 white, 3 black; then the change at the end.
    expect(decodeFax(bytesOf('0011011101'), 0, 1, 8, group4, new Meter())).toBe(2);
  });

  it('contradict a run beyond the width', () => {
    // White 4, black 6, in a row of 8.
    expect(() => decodeFax(bytesOf('10110010'), 0, 1, 8, modified, new Meter())).toThrow('fax run');
  });

  it('contradict data that end before the last row', () => {
    expect(() => decodeFax(bytesOf('1'), 0, 100, 1728, group4, new Meter())).toThrow('fax');
  });
});
