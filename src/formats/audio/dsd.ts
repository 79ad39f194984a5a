import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Format } from '../format.ts';
import { accountTextOrRaw } from '../short-text.ts';
import type { Place } from '../stored.ts';
import { accountId3, id3Length } from '../tags/id3v2.ts';
import { accountTail } from '../tail.ts';

const DSF_HEAD = 12;

export const dsf: Format = {
  id: 'dsf',
  title: 'DSD stream file',
  extensions: ['dsf'],
  signatures: [{ at: 0, hex: '445344201c000000' }],
  spec: 'Sony DSF File Format Specification 1.01',
  proof:
    'chunks tile the file, as long as the header says; samples of one bit by contrast; tags by their own format',
  texture: 'packed',
  verify(reader, ledger, context): void {
    const [size, tags] = [reader.u64le(12, 'size of the file'), reader.u64le(20, 'offset of the tags')];
    if (size > reader.size) throw new Truncated(reader.size, 'DSD stream', size - reader.size);
    ledger.account(0, 28, 'structure', 'header', 12);
    const end = tags === 0 ? size : tags;
    for (let at = 28; at < end; ) {
      reader.meter.step();
      const next = at + reader.u64le(at + 4, 'chunk');
      const type = reader.latin1(at, 4);
      if (!['fmt ', 'data'].includes(type) || next < at + DSF_HEAD || next > end)
        throw new Broken(at, 'chunk', 'fmt or data, inside of the file', `${type}, up to ${next}`);
      ledger.account(at, at + DSF_HEAD, 'structure', 'head of a chunk');
      if (type === 'data') ledger.raw(at + DSF_HEAD, next, 'samples');
      else ledger.account(at + DSF_HEAD, next, 'structure', 'kind of samples', 24);
      at = next;
    }
    if (tags === 0) accountTail(reader, ledger, size);
    else accountTags({ reader, ledger, context, start: tags, end: size });
  },
};

function accountTags(place: Place): void {
  const { reader, ledger, start } = place;
  if (id3Length(reader, start) === 0) throw new Broken(start, 'tags', 'ID3v2', 'others');
  accountTail(reader, ledger, accountId3({ ...place, end: reader.size }));
}

const DFF_HEAD = 12;
const containers = new Set(['PROP', 'DIIN', 'DST ']);
/** Containers that hold a type before their chunks. */
const typed = new Set(['PROP']);
const samples = new Set(['DSD ', 'DSTF']);

export const dsdiff: Format = {
  id: 'dsdiff',
  title: 'DSD interchange',
  extensions: ['dff'],
  signatures: [{ at: 0, hex: '46524d38000000000000000044534420', mask: 'ffffffff0000000000000000ffffffff' }],
  spec: 'DSDIFF 1.5, section 3',
  proof: 'chunks tile the file; samples of one bit by contrast, compressed ones stay unproved',
  texture: 'packed',
  verify(reader, ledger, context): void {
    const end = DFF_HEAD + reader.u64be(4, 'size of the form');
    if (end > reader.size) throw new Truncated(reader.size, 'form', end - reader.size);
    ledger.account(0, DFF_HEAD + 4, 'structure', 'head of the form', 12);
    accountChunks({ reader, ledger, context, start: DFF_HEAD + 4, end });
    accountTail(reader, ledger, end);
  },
};

/** Chunks begin at even places; containers are entered, so that all is one list. */
function accountChunks(place: Place): void {
  const { reader, ledger, start, end } = place;
  for (let at = start; at + DFF_HEAD <= end; ) {
    reader.meter.step();
    const type = reader.latin1(at, 4, 'chunk');
    const next = at + DFF_HEAD + reader.u64be(at + 4, 'chunk');
    if (!/^[\x20-\x7e]{4}$/.test(type) || next > end)
      throw new Broken(at, 'chunk', 'four characters, inside of the file', `${type}, up to ${next}`);
    ledger.account(at, at + DFF_HEAD, 'structure', 'head of a chunk');
    if (containers.has(type)) {
      const inside = at + DFF_HEAD + (typed.has(type) ? 4 : 0);
      ledger.account(at + DFF_HEAD, inside, 'structure', 'type of a list');
      at = inside;
      continue;
    }
    accountChunk({ ...place, start: at + DFF_HEAD, end: next }, type);
    if (next % 2 === 1 && next < end && reader.u8(next) === 0)
      ledger.account(next, next + 1, 'padding', 'chunk padding');
    at = next + (next % 2);
  }
}

function accountChunk(place: Place, type: string): void {
  const { reader, ledger, start, end } = place;
  if (type === 'DSTF') ledger.coded(start, end, 'compressed samples');
  else if (samples.has(type)) ledger.raw(start, end, 'samples');
  else if (type === 'ID3 ' && id3Length(reader, start) > 0) accountId3(place);
  else accountTextOrRaw(reader, ledger, start, end, `chunk ${type}`);
}
