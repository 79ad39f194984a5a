import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';

/** RFC 9580 §4.2: one packet; its body may stand in pieces. Offsets in bytes. */
export interface Packet {
  readonly tag: number;
  readonly at: number;
  readonly body: readonly Range[];
  readonly end: number;
}

export const tags = {
  publicKeySession: 1,
  signature: 2,
  passwordSession: 3,
  onePassSignature: 4,
  secretKey: 5,
  publicKey: 6,
  secretSubkey: 7,
  compressed: 8,
  encrypted: 9,
  marker: 10,
  literal: 11,
  trust: 12,
  userId: 13,
  publicSubkey: 14,
  userAttribute: 17,
  integrityProtected: 18,
  aead: 20,
  padding: 21,
} as const;

/** §4.2.1.4: only these may have partial lengths, or none. */
const streamed = new Set<number>([
  tags.compressed,
  tags.encrypted,
  tags.literal,
  tags.integrityProtected,
  tags.aead,
]);

/** The tag that this first byte of a packet tells; 0 where it begins none. */
export function tagOf(first: number): number {
  if ((first & 0x80) === 0) return 0;
  return (first & 0x40) === 0 ? (first >> 2) & 15 : first & 63;
}

/** @throws Broken, Truncated */
export function readPacket(reader: Reader, at: number): Packet {
  const first = reader.u8(at, 'packet tag');
  const tag = tagOf(first);
  if (tag === 0) throw new Broken(at, 'packet tag', 'a tag of OpenPGP', first);
  const body = (first & 0x40) === 0 ? [oldBody(reader, at, tag)] : newBody(reader, at, tag);
  const { end } = body.at(-1)!;
  if (end > reader.size) throw new Truncated(reader.size, `packet with tag ${tag}`, end - reader.size);
  return { tag, at, body, end };
}

/** §4.2.2: a length of 1, 2 or 4 bytes, or none: up to the end of the file. */
function oldBody(reader: Reader, at: number, tag: number): Range {
  const kind = reader.u8(at) & 3;
  if (kind === 3) {
    expectStreamed(at, tag);
    return { start: at + 1, end: reader.size };
  }
  const start = at + 1 + (1 << kind);
  const length = [() => reader.u8(at + 1), () => reader.u16be(at + 1), () => reader.u32be(at + 1)][kind]!();
  return { start, end: start + length };
}

/** §4.2.1: lengths of 1, 2 or 5 bytes; partial ones are powers of two, and others follow them. */
function newBody(reader: Reader, at: number, tag: number): Range[] {
  const body: Range[] = [];
  for (let next = at + 1; ; ) {
    reader.meter.step();
    const first = reader.u8(next, 'length of a packet');
    if (first < 224 || first === 255) {
      body.push(wholePart(reader, next, first));
      return body;
    }
    expectStreamed(at, tag);
    const part = { start: next + 1, end: next + 1 + 2 ** (first & 31) };
    body.push(part);
    next = part.end;
  }
}

function wholePart(reader: Reader, at: number, first: number): Range {
  if (first < 192) return { start: at + 1, end: at + 1 + first };
  if (first < 224)
    return { start: at + 2, end: at + 2 + ((first - 192) << 8) + reader.u8(at + 1, 'length') + 192 };
  return { start: at + 5, end: at + 5 + reader.u32be(at + 1, 'length') };
}

function expectStreamed(at: number, tag: number): void {
  if (!streamed.has(tag)) throw new Broken(at, 'length of a packet', `a whole one for tag ${tag}`, 'part');
}
