import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Format } from '../format.ts';
import { accountSlack } from '../slack.ts';
import type { Place } from '../stored.ts';
import { accountTail } from '../tail.ts';
import { accountPackets } from './packets.ts';

const OBJECT_HEADER = 24;

/** Objects by the first bytes of their identifiers, as they stand in the file (ASF specification section 10). */
const objects = {
  header: '3026b2758e66cf11a6d900aa0062ce6c',
  data: '3626b2758e66cf11a6d900aa0062ce6c',
  fileProperties: 'a1dcab8c47a9cf118ee400c00c205365',
  extension: 'b503bf5f2ea9cf118ee300c00c205365',
  padding: '74d40618dfca0945a4ba9aabcb96aae8',
  encryption: 'fbb3112223bdd211b4b700a0c955fc6e',
  extendedEncryption: '14e68a292226174cb935dae07ee9289c',
} as const;

export const asf: Format = {
  id: 'asf',
  title: 'Advanced Systems Format',
  extensions: ['asf', 'wma', 'wmv'],
  signatures: [{ at: 0, hex: objects.header }],
  spec: 'ASF Specification 01.20.06',
  proof:
    'objects tile the file, packets of one size begin alike, so that random bytes longer than a packet break them',
  texture: 'dense',
  verify(reader, ledger, context): void {
    const state: AsfState = { packetSize: 0, scheme: null };
    let at = 0;
    while (at + OBJECT_HEADER <= reader.size) {
      reader.meter.step();
      const id = identifier(reader, at);
      const end = at + reader.u64le(at + 16, 'object size');
      if (end < at + OBJECT_HEADER) throw new Broken(at + 16, 'object size', 'at least 24', end - at);
      if (end > reader.size && id === objects.data)
        ledger.broken(new Truncated(reader.size, 'data object', end - reader.size));
      else if (end > reader.size) {
        if (at === 0) throw new Truncated(reader.size, 'object', end - reader.size);
        break;
      }
      ledger.account(at, at + OBJECT_HEADER, 'structure', 'object header', 16);
      const place = { reader, ledger, context, start: at + OBJECT_HEADER, end: Math.min(end, reader.size) };
      if (id === objects.header) accountHeader(place, state);
      else if (id === objects.data) accountPackets(place, state.packetSize, state.scheme);
      else ledger.raw(place.start, place.end, 'index');
      at = place.end;
    }
    if (state.packetSize === 0) throw new Broken(0, 'file properties', 'one', 'none');
    accountTail(reader, ledger, at);
  },
};

interface AsfState {
  /** Of a data packet, in bytes. */
  packetSize: number;
  scheme: string | null;
}

function identifier(reader: Reader, at: number): string {
  return Buffer.from(reader.bytes(at, 16, 'object')).toString('hex');
}

/** Section 3.1: the number of objects, two reserved bytes, the objects. */
function accountHeader(place: Place, state: AsfState): void {
  const { reader, ledger, start, end } = place;
  if (reader.u8(start + 4, 'header') !== 1 || reader.u8(start + 5) !== 2)
    throw new Broken(start + 4, 'reserved bytes of the header', '1, 2', reader.u8(start + 4));
  ledger.account(start, start + 6, 'structure', 'count of objects', 4);
  accountObjects({ ...place, start: start + 6, end }, state);
}

function accountObjects(place: Place, state: AsfState): void {
  const { reader, ledger } = place;
  const ends = [place.end];
  for (let at = place.start; at + OBJECT_HEADER <= place.end; ) {
    reader.meter.step();
    while (ends.length > 1 && at >= ends.at(-1)!) ends.pop();
    const limit = ends.at(-1)!;
    const id = identifier(reader, at);
    const body = at + OBJECT_HEADER;
    const end = at + reader.u64le(at + 16, 'object size');
    if (end < body || end > limit) throw new Broken(at + 16, 'object size', `24–${limit - at}`, end - at);
    ledger.account(at, body, 'structure', 'object header', 16);
    if (id === objects.extension && body + 22 <= end && ends.length < 4) {
      ledger.account(body, body + 22, 'structure', 'header extension', 16);
      ends.push(end);
      at = body + 22;
      continue;
    }
    accountObject({ ...place, start: body, end }, id, state);
    at = end;
  }
}

function accountObject({ reader, ledger, start, end }: Place, id: string, state: AsfState): void {
  if (id === objects.fileProperties && end - start >= 80) {
    const [least, most] = [reader.u32le(start + 68), reader.u32le(start + 72)];
    if (least !== most || least === 0) throw new Broken(start + 68, 'packet sizes', least, most);
    state.packetSize = least;
    ledger.account(start + 64, start + 76, 'structure', 'packet sizes', 8);
  } else if (id === objects.padding) accountSlack(reader, ledger, start, end, 'padding');
  else if (id === objects.encryption) state.scheme = 'Windows Media DRM';
  else if (id === objects.extendedEncryption) state.scheme ??= 'Windows Media DRM, extended';
  else ledger.raw(start, end, 'object of the header');
}
