import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Format } from '../format.ts';
import { accountGaps } from '../gaps.ts';
import { examineStored, type Place } from '../stored.ts';
import { accountTail } from '../tail.ts';

const HEADER = 16;
const REFERENCE = 12;

/** A resource file in a data fork, of which fonts are made. */
export const dfont: Format = {
  id: 'dfont',
  title: 'Macintosh data fork font',
  extensions: ['dfont', 'suit'],
  signatures: [{ at: 0, hex: `000001${'00'.repeat(11)}`, mask: 'ffffffffffff0000ffff0000ffff' }],
  spec: 'Inside Macintosh: More Macintosh Toolbox, Resource File Format',
  proof: 'the map leads to resources that end exactly; fonts by their own format, others by contrast',
  texture: 'packed',
  verify(reader, ledger, context): void {
    const [data, map, dataSize, mapSize] = [0, 4, 8, 12].map((at) => reader.u32be(at, 'header'));
    const end = Math.max(data! + dataSize!, map! + mapSize!);
    if (end > reader.size) throw new Truncated(reader.size, 'resources', end - reader.size);
    if (mapSize! < 30 || data! < HEADER || map! < HEADER)
      throw new Broken(0, 'header', 'a map of 30 bytes', 'less');
    ledger.account(0, HEADER, 'structure', 'header', HEADER);
    ledger.raw(map!, map! + mapSize!, 'map of resources');
    const place = { reader, ledger, context, start: data!, end: data! + dataSize! };
    const resources = [...walkMap(place, map!, map! + mapSize!)];
    const known = [...resources, { start: 0, end: HEADER }, { start: map!, end: map! + mapSize! }];
    accountGaps(reader, ledger, known, { start: 0, end });
    accountTail(reader, ledger, end);
  },
};

/** Types with their numbers of resources; each resource is a length and so many bytes. */
function* walkMap(place: Place, map: number, mapEnd: number): Generator<Range> {
  const { reader, ledger, start, end } = place;
  const types = map + reader.u16be(map + 24, 'list of types');
  const typeCount = (reader.u16be(types, 'list of types') + 1) & 0xffff;
  for (let i = 0; i < typeCount; i++) {
    const entry = types + 2 + 8 * i;
    const [type, count] = [reader.latin1(entry, 4, 'type'), reader.u16be(entry + 4, 'type') + 1];
    const list = types + reader.u16be(entry + 6, 'type');
    if (list + count * REFERENCE > mapEnd) throw new Broken(entry, 'references', 'inside of the map', count);
    for (let at = list; at < list + count * REFERENCE; at += REFERENCE) {
      reader.meter.step();
      const body = start + (reader.u32be(at + 4) & 0xffffff) + 4;
      const next = body + reader.u32be(body - 4, 'length of a resource');
      if (next > end) throw new Broken(at, 'resource', 'inside of the data', next);
      ledger.account(body - 4, body, 'structure', 'length of a resource');
      if (type === 'sfnt') examineStored({ ...place, start: body, end: next }, `${type}.ttf`);
      else ledger.raw(body, next, `resource ${type}`);
      yield { start: body - 4, end: next };
    }
  }
}
