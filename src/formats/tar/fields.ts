import { textFloor } from '../text-field.ts';
import { readNumber } from './numbers.ts';

/** star has the marks of ustar, and times of its own behind a shorter prefix. */
export type TarDialect = 'v7' | 'ustar' | 'gnu' | 'star';

/** Gives the shortest random run that is noticed in such a field, in bytes; null where the field is another thing. */
type FloorOf = (field: Uint8Array) => number | null;

export interface TarField {
  /** In bytes of the block. */
  readonly start: number;
  readonly end: number;
  readonly what: string;
  readonly floorOf: FloorOf;
}

/** With at most one value in eight the digits notice 8 bytes; base-256 leaves it to its neighbours. */
const number: FloorOf = (field) => {
  const read = readNumber(field);
  if (read === null) return null;
  return read.isBinary ? field.length + 16 : 8;
};

const zeros: FloorOf = (field) => (field.every((byte) => byte === 0) ? 4 : null);

/** Up to the first zero byte; only zeros follow. */
const text: FloorOf = (field) => {
  const end = field.indexOf(0);
  if (end >= 0 && zeros(field.subarray(end)) === null) return null;
  return textFloor(end < 0 ? field : field.subarray(0, end));
};

const field = (start: number, length: number, what: string, floorOf: FloorOf): TarField => ({
  start,
  end: start + length,
  what,
  floorOf,
});

const common = [
  field(0, 100, 'name', text),
  field(100, 8, 'mode', number),
  field(108, 8, 'user', number),
  field(116, 8, 'group', number),
  field(124, 12, 'size', number),
  field(136, 12, 'time', number),
  field(157, 100, 'name of the link', text),
];

const owners = [
  field(265, 32, 'name of the user', text),
  field(297, 32, 'name of the group', text),
  field(329, 8, 'major number', number),
  field(337, 8, 'minor number', number),
];

const times = (start: number) => [
  field(start, 12, 'time of access', number),
  field(start + 12, 12, 'time of change', number),
];

/** Offset and length of four pieces, whether more follow, and the real size: GNU tar manual, `struct oldgnu_header`. */
const pieces = Array.from({ length: 9 }, (_, i) =>
  field(i < 8 ? 386 + 12 * i : 483, 12, 'sparse map', number),
);

export const fieldsOf: Readonly<Record<TarDialect, readonly TarField[]>> = {
  v7: [...common, field(257, 255, 'room behind the fields', zeros)],
  ustar: [
    ...common,
    ...owners,
    field(345, 155, 'prefix', text),
    field(500, 12, 'room behind the fields', zeros),
  ],
  star: [...common, ...owners, field(345, 131, 'prefix', text), ...times(476), field(500, 8, 'room', zeros)],
  gnu: [
    ...common,
    ...owners,
    ...times(345),
    field(369, 12, 'offset', number),
    ...pieces,
    field(495, 17, 'room', zeros),
  ],
};
