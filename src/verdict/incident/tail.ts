import { crc32 } from '../../checks/crc32.ts';
import type { Evidence } from '../evidence.ts';

/** Ends that formats have, and how many bytes of them follow the words that are looked for. */
const ends: readonly { readonly begins: readonly string[]; readonly end: string; readonly more: number }[] = [
  { begins: ['504b'], end: 'PK\x05\x06', more: 18 },
  { begins: ['8950'], end: 'IEND\xae\x42\x60\x82', more: 0 },
  { begins: ['2550'], end: '%%EOF\r\n', more: 0 },
  { begins: ['2550'], end: '%%EOF\n', more: 0 },
  { begins: ['2550'], end: '%%EOF', more: 0 },
  { begins: ['ffd8'], end: '\xff\xd9', more: 0 },
  { begins: ['4749'], end: '\x00\x3b', more: 0 },
];

const SHORTEST = 16;

/**
 * How many bytes stand behind the content's own end: as the format's verifier found it or, where the head is lost, by the
 * words with which the promised type ends, searched in the last bytes. Null where that isn't known.
 */
export function tailLengthOf({ ledger, size, identity }: Evidence, tail: string): number | null {
  const trailing = ledger.observations.find((observation) => observation.kind === 'trailing');
  if (trailing?.kind === 'trailing') return atLeast(size - trailing.start);
  if (identity.format !== null) return null;
  const begins = identity.promised.flatMap(({ signatures }) =>
    signatures.flatMap(({ at, hex }) => (at === 0 ? [hex.slice(0, 4).toLowerCase()] : [])),
  );
  for (const { begins: first, end, more } of ends) {
    if (!first.some((hex) => begins.includes(hex))) continue;
    const at = tail.lastIndexOf(end);
    if (at >= 0) return atLeast(tail.length - at - end.length - more);
  }
  return null;
}

function atLeast(length: number): number | null {
  return length >= SHORTEST ? length : null;
}

/** What in the tail holds without a key: a size of the content (see `signs/marks/tails.ts`), or a CRC-32 at its end. */
export function tailCheckOf(
  { marks, size }: Evidence,
  tail: string,
  tailLength: number | null,
): string | null {
  const sized = marks.find(({ kind, at }) => kind === 'tail' && at !== null);
  if (sized !== undefined) return `size ${size - sized.at!}`;
  if (tailLength === null || tailLength > tail.length) return null;
  const bytes = Buffer.from(tail.slice(-tailLength), 'latin1');
  const isSummed = crc32(bytes.subarray(0, -4)) === bytes.readUInt32LE(bytes.length - 4);
  return isSummed ? `crc ${tailLength}` : null;
}
