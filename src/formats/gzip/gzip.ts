import { ChainedSource } from '../../bytes/chained-source.ts';
import { Broken } from '../../bytes/errors.ts';
import { Reader } from '../../bytes/reader.ts';
import { BufferSource, type ByteSource } from '../../bytes/source.ts';
import { deflate } from '../../checks/decoder.ts';
import { Keep } from '../../checks/unpack.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context, Format } from '../format.ts';
import { examineMember } from '../member.ts';
import { accountTail } from '../tail.ts';
import { type GzipMember, verifyMember } from './member.ts';

export const gzip: Format = {
  id: 'gzip',
  title: 'gzip',
  extensions: ['gz', 'tgz', 'svgz', 'bgz', 'gzip', 'taz', 'emz', 'wmz', 'dumpgz', 'rds'],
  signatures: [{ at: 0, hex: '1f8b08' }],
  spec: 'RFC 1952, RFC 1951; BGZF: SAM specification §4.1',
  proof: 'CRC-32 and length of the content; the time in the header stays unproved',
  texture: 'packed',
  verify(reader: Reader, ledger: Ledger, context: Context): void {
    const content = new Content(reader);
    const end = verifyMembers(reader, ledger, content);
    if (end === null) return;
    if (proveLaterMembers(reader, ledger, end) === 0) accountTail(reader, ledger, end);
    else
      ledger.broken(new Broken(end, 'gzip magic', '1f8b', Buffer.from(reader.bytes(end, 2)).toString('hex')));
    const name = content.name() ?? nameWithout(context.name);
    examineMember(context, ledger, name, content.source(), { start: 0, end });
  },
};

/** Gives the end of the last member; null where one failed, which is noted. */
function verifyMembers(reader: Reader, ledger: Ledger, content: Content): number | null {
  let at = 0;
  do {
    reader.meter.step();
    try {
      at = content.take(verifyMember(reader, ledger, at, (output) => content.keep.add(output)));
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      ledger.broken(error);
      proveLaterMembers(reader, ledger, at + 1);
      return null;
    }
  } while (reader.has(at, '\x1f\x8b'));
  return at;
}

const MOST_TRIES = 64;

/** Behind a broken member others may stand that are whole, as in BGZF. Gives how many. */
function proveLaterMembers(reader: Reader, ledger: Ledger, from: number): number {
  let at = from;
  let proved = 0;
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    at = reader.indexOf('\x1f\x8b\x08', at);
    if (at < 0) break;
    try {
      at = verifyMember(reader, ledger, at, () => undefined).end;
      proved++;
      tries = 0;
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      at++;
    }
  }
  return proved;
}

/** What all members unpack to, one behind the other, as `gunzip` gives it. */
class Content {
  readonly keep = new Keep();
  readonly #reader: Reader;
  readonly #members: GzipMember[] = [];

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  /** Gives the end of the member. */
  take(member: GzipMember): number {
    this.#members.push(member);
    return member.end;
  }

  /** The original name that the first member carries. */
  name(): string | null {
    const range = this.#members[0]?.header.name;
    if (range === null || range === undefined) return null;
    return Buffer.from(this.#reader.bytes(range.start, range.end - range.start - 1)).toString();
  }

  source(): ByteSource {
    const bytes = this.keep.bytes();
    if (bytes !== null) return new BufferSource(bytes);
    const { source, meter } = this.#reader;
    return new ChainedSource(
      this.#members.map(({ packed, size }) => ({
        size,
        open: () => deflate.reopen(new Reader(source, meter), packed.start, packed.end, size),
      })),
    );
  }
}

/** `gzip`'s own habits: `x.tgz` holds `x.tar`. */
const endings: readonly [RegExp, string][] = [
  [/\.(tgz|taz)$/i, '.tar'],
  [/\.svgz$/i, '.svg'],
  [/\.emz$/i, '.emf'],
  [/\.wmz$/i, '.wmf'],
  [/\.(gz|bgz|gzip)$/i, ''],
];

function nameWithout(name: string): string {
  const ending = endings.find(([pattern]) => pattern.test(name));
  return ending === undefined ? '' : name.replace(ending[0], ending[1]);
}
