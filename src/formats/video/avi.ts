import { Broken, Truncated } from '../../bytes/errors.ts';
import { accountOther } from '../audio/chunks.ts';
import type { Format } from '../format.ts';
import type { Place } from '../stored.ts';
import { accountTail } from '../tail.ts';

const HEADER = 8;
const DEEPEST = 8;

export const avi: Format = {
  id: 'avi',
  title: 'Audio video interleave',
  extensions: ['avi', 'divx'],
  signatures: [
    { at: 0, hex: '524946460000000041564920', mask: 'ffffffff00000000ffffffff' },
    { at: 0, hex: '524946460000000041564958', mask: 'ffffffff00000000ffffffff' },
    { at: 0, hex: '5249464600000000414d5620', mask: 'ffffffff00000000ffffffff' },
  ],
  spec: 'Microsoft Learn, AVI RIFF File Reference; OpenDML AVI 1.02',
  proof: 'chunks tile the file, the index names each; what the coders made stays unproved',
  texture: 'dense',
  verify(reader, ledger, context): void {
    let end = 0;
    // OpenDML: more RIFF parts follow the first.
    for (let at = 0; at + 12 <= reader.size && reader.has(at, 'RIFF'); at = end) {
      const length = reader.u32le(at + 4, 'RIFF size');
      end = Math.min(reader.size, at + HEADER + length + (length & 1));
      if (end <= at + 12) throw new Broken(at + 4, 'RIFF size', 'more', length);
      ledger.account(at, at + 12, 'structure', 'RIFF header', 8);
      const state: AviState = { movie: -1, chunks: new Map() };
      accountChunks({ reader, ledger, context, start: at + 12, end }, state);
      if (at + HEADER + length > reader.size)
        ledger.broken(new Truncated(reader.size, 'RIFF', at + HEADER + length - reader.size));
    }
    accountTail(reader, ledger, end);
  },
};

interface AviState {
  /** Where `movi` stands, from which the index counts. */
  movie: number;
  /** Chunks of streams, by where they stand: their length in bytes. */
  readonly chunks: Map<number, number>;
}

const MOST_CHUNKS = 2_000_000;

function accountChunks(place: Place, state: AviState): void {
  const { reader, ledger } = place;
  const ends: number[] = [];
  for (let at = place.start; at + HEADER <= place.end; ) {
    reader.meter.step();
    while (ends.length > 0 && at + HEADER > ends.at(-1)!) ends.pop();
    const limit = ends.at(-1) ?? place.end;
    const type = reader.latin1(at, 4, 'chunk');
    if (!/^[\x20-\x7e]{4}$/.test(type))
      throw new Broken(at, 'chunk type', 'four characters', Buffer.from(type, 'latin1').toString('hex'));
    const body = at + HEADER;
    const end = body + reader.u32le(at + 4, 'chunk size');
    ledger.account(at, body, 'structure', 'chunk header', 8);
    if (end > limit)
      throw limit >= reader.size
        ? new Truncated(limit, `chunk ${type}`, end - limit)
        : new Broken(at + 4, `size of chunk ${type}`, limit - body, end - body);
    if (type === 'LIST' && ends.length < DEEPEST && body + 4 <= end) {
      ledger.account(body, body + 4, 'structure', 'list type');
      if (reader.has(body, 'movi')) state.movie = body;
      ends.push(end);
      at = body + 4;
      continue;
    }
    accountChunk({ ...place, start: body, end }, type, state);
    at = end;
    if ((end & 1) === 1 && end < place.end) {
      if (reader.u8(end) === 0) ledger.account(end, end + 1, 'padding', 'chunk padding');
      at++;
    }
  }
}

const tables = new Set(['avih', 'strh', 'strf', 'dmlh', 'indx', 'vprp', 'strd']);

function accountChunk(place: Place, type: string, state: AviState): void {
  const { ledger, start, end } = place;
  if (/^[0-9a-f]{2}(dc|db|wb|pc|tx|sb|iv)$/i.test(type)) {
    if (state.chunks.size < MOST_CHUNKS) state.chunks.set(start - HEADER, end - start);
    ledger.coded(start, end, 'stream data');
  } else if (type === 'idx1') accountIndex(place, state);
  else if (type === 'avih') ledger.account(start, end, 'structure', 'main header', 32);
  else if (tables.has(type) || /^ix/i.test(type)) ledger.raw(start, end, `chunk ${type}`);
  else accountOther(place, type);
}

const ENTRY = 16;

/** Entries of type, flags, offset, length; offsets count from `movi` or from the start of the file. */
function accountIndex({ reader, ledger, start, end }: Place, state: AviState): void {
  const count = Math.floor((end - start) / ENTRY);
  if (count === 0) return;
  const base = state.chunks.has(state.movie + reader.u32le(start + 8)) ? state.movie : 0;
  let wrong = 0;
  for (let i = 0; i < count; i++) {
    reader.meter.step();
    const [offset, length] = [reader.u32le(start + ENTRY * i + 8), reader.u32le(start + ENTRY * i + 12)];
    if (state.chunks.get(base + offset) !== length) wrong++;
  }
  if (wrong === 0) ledger.account(start, end, 'structure', 'index', 2 * ENTRY);
  else if (wrong === count || state.chunks.size >= MOST_CHUNKS) ledger.raw(start, end, 'index');
  else ledger.broken(new Broken(start, 'index', `${count} chunks`, count - wrong), end);
}
