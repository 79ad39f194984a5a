import { Broken, Truncated } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Context, Format } from './format.ts';
import { examineStored } from './stored.ts';
import { accountTail } from './tail.ts';

const JSON_CHUNK = 0x4e4f534a;
const BINARY_CHUNK = 0x004e4942;

export const glb: Format = {
  id: 'glb',
  title: 'glTF binary',
  extensions: ['glb', 'vrm'],
  signatures: [{ at: 0, hex: '676c544600000000', mask: 'fffffffffcffffff' }],
  spec: 'glTF 2.0, section 4.4',
  proof: 'chunks tile the file, grammar of the description; meshes and images by contrast',
  texture: 'packed',
  verify(reader: Reader, ledger: Ledger, context: Context): void {
    reader.expect(0, 'glTF', 'magic');
    if (reader.u32le(4, 'version') !== 2) {
      ledger.account(0, 4, 'structure', 'magic');
      ledger.raw(4, reader.size, 'glTF 1.0');
      return;
    }
    const length = reader.u32le(8, 'length of the file');
    if (length > reader.size) throw new Truncated(reader.size, 'glTF', length - reader.size);
    ledger.account(0, 12, 'structure', 'header', 8);
    for (let at = 12; at < length; ) {
      reader.meter.step();
      const end = at + 8 + reader.u32le(at, 'length of a chunk');
      const kind = reader.u32le(at + 4, 'kind of a chunk');
      if (end > length) throw new Broken(at, 'length of a chunk', `up to ${length}`, end);
      ledger.account(at, at + 8, 'structure', 'headers of chunks');
      if (kind === JSON_CHUNK) examineStored({ reader, ledger, context, start: at + 8, end }, 'scene.json');
      else ledger.raw(at + 8, end, kind === BINARY_CHUNK ? 'buffers' : 'other chunk');
      at = end;
    }
    accountTail(reader, ledger, length);
  },
};
