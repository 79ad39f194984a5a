import { Broken } from '../../bytes/errors.ts';
import { JoinedSource } from '../../bytes/joined-source.ts';
import { Reader } from '../../bytes/reader.ts';
import { BufferSource } from '../../bytes/source.ts';
import { decodeBzip2 } from '../../checks/bzip2.ts';
import { inflate } from '../../checks/inflate.ts';
import { drain } from '../../checks/pieces.ts';
import { inflateZlib } from '../../checks/zlib-stream.ts';
import { Ledger } from '../../ledger/ledger.ts';
import type { Context } from '../format.ts';
import { examineMember } from '../member.ts';
import { examinePieces } from '../stored.ts';
import { accountDecoded } from '../stored-parts.ts';
import { accountText } from '../text-field.ts';
import type { Packet } from './packet.ts';

/** Who looks at a packet. */
export interface Place {
  readonly reader: Reader;
  readonly ledger: Ledger;
  readonly context: Context;
}

const formats = new Set(['b', 't', 'u', 'l', '1', 'm']);

/** Literal data (RFC 9580 §5.9): format, name, time, then the content as it is. */
export function accountLiteral(place: Place, { body }: Packet): void {
  const { reader, ledger } = place;
  const [first, ...rest] = body;
  const { start, end } = first!;
  const format = reader.latin1(start, 1, 'format of literal data');
  if (!formats.has(format)) throw new Broken(start, 'format of literal data', [...formats].join(' '), format);
  const nameEnd = start + 2 + reader.u8(start + 1, 'length of a name');
  if (nameEnd + 4 > end) throw new Broken(start + 1, 'length of a name', 'a name inside the packet', nameEnd);
  ledger.account(start, start + 2, 'structure', 'format of literal data');
  accountText(reader, ledger, start + 2, nameEnd, 'name of literal data');
  const name = Buffer.from(reader.copy(start + 2, nameEnd - start - 2)).toString('utf8');
  examinePieces(
    place,
    [{ start: nameEnd + 4, end }, ...rest].filter((one) => one.end > one.start),
    name,
  );
}

/** The most that a compressed message may unpack to in memory, in bytes. */
const MOST_UNPACKED = 256 << 20;

/** Compressed data (§5.6) holds packets in turn. */
export function accountCompressed({ reader, ledger, context }: Place, { at, body, end }: Packet): void {
  const joined = new Reader(new JoinedSource(reader.source, body), reader.meter);
  const part = new Ledger(joined.size);
  const keep: Uint8Array[] = [];
  let produced = 0;
  const sink = (piece: Uint8Array): boolean => {
    produced += piece.length;
    if (produced <= MOST_UNPACKED) keep.push(Uint8Array.from(piece));
    return produced <= MOST_UNPACKED;
  };
  const algorithm = joined.u8(0, 'compression');
  const unpackBy = unpackers[algorithm];
  if (unpackBy === undefined) throw new Broken(body[0]!.start, 'compression', '0 to 3', algorithm);
  part.account(0, 1, 'structure', 'compression');
  unpackBy(joined, part, sink);
  ledger.adoptPieces(part, body);
  if (produced > MOST_UNPACKED) {
    ledger.unexamined(at, end, 'more compressed data than is unpacked');
    return;
  }
  examineMember(context, ledger, 'message.gpg', new BufferSource(Buffer.concat(keep)), { start: at, end });
}

type Unpack = (reader: Reader, part: Ledger, sink: (piece: Uint8Array) => boolean) => void;

const unpackers: Readonly<Record<number, Unpack>> = {
  0: (reader, part, sink) => {
    for (const piece of reader.stream(1, reader.size)) sink(piece);
    part.coded(1, reader.size, 'packets as they are');
  },
  1: (reader, part, sink) => {
    const { consumed, stored } = inflate(reader, 1, reader.size, sink);
    accountDecoded(part, { start: 1, end: 1 + consumed }, stored, 'deflate');
    expectEnd(reader, part, 1 + consumed);
  },
  2: (reader, part, sink) => {
    const { consumed } = inflateZlib(reader, 1, reader.size, sink);
    part.account(1, 1 + consumed, 'checksum', 'Adler-32 of the packets');
    expectEnd(reader, part, 1 + consumed);
  },
  3: (reader, part, sink) => {
    const run = drain(decodeBzip2({ reader, start: 1, end: reader.size }), sink);
    const consumed = run?.consumed ?? 0;
    part.account(1, 1 + consumed, 'checksum', 'CRC-32 of the packets');
    if (run !== null) expectEnd(reader, part, 1 + consumed);
  },
};

/** PGP and GnuPG up to 1.4 pad raw deflate with one byte (zlib's `inflate` wanted it). */
function expectEnd(reader: Reader, part: Ledger, end: number): void {
  if (reader.size - end > 1) throw new Broken(end, 'end of compressed data', reader.size, end);
  if (end < reader.size) part.oddity(end, 'a byte behind the compressed data');
}
