import { Broken } from '../../bytes/errors.ts';
import type { Format } from '../format.ts';
import { examineStored, type Place } from '../stored.ts';
import { accountTail } from '../tail.ts';
import { examineTrimmed } from '../trimmed.ts';
import { accountOther, type Chunk, walkChunks } from './chunks.ts';
import { accountSamples, type SampleKind } from './samples.ts';

const RIFF_HEADER = 12;

export const wav: Format = {
  id: 'wav',
  title: 'Waveform audio',
  extensions: ['wav', 'wave', 'bwf'],
  signatures: [
    { at: 0, hex: '524946460000000057415645', mask: 'ffffffff00000000ffffffff' },
    { at: 0, hex: '524946580000000057415645', mask: 'ffffffff00000000ffffffff' },
  ],
  spec: 'Multimedia Programming Interface and Data Specifications 1.0, WAVE; EBU Tech 3285',
  proof: 'chunks tile the file; samples of PCM are far from random, what other coders made stays unproved',
  texture: 'packed',
  verify: verifyWave,
};

export const rf64: Format = {
  ...wav,
  id: 'rf64',
  title: 'Waveform audio, 64 bits',
  extensions: ['rf64', 'bw64'],
  signatures: [
    { at: 0, hex: '524636340000000057415645', mask: 'ffffffff00000000ffffffff' },
    { at: 0, hex: '425736340000000057415645', mask: 'ffffffff00000000ffffffff' },
  ],
  spec: 'ITU-R BS.2088-1, section 3; EBU Tech 3306',
};

function verifyWave(...[reader, ledger, context]: Parameters<Format['verify']>): void {
  const isBig = reader.has(0, 'RIFX');
  const stored = isBig ? reader.u32be(4) : reader.u32le(4, 'RIFF size');
  reader.bytes(0, RIFF_HEADER, 'RIFF header');
  ledger.account(0, RIFF_HEADER, 'structure', 'RIFF header', 8);
  // RF64 and streams without a known length write all ones; a recorder that wasn't closed, zero.
  const isOpen = stored >= 0xffffffff - 1 || stored === 0;
  const end = isOpen ? reader.size : Math.min(reader.size, 8 + stored);
  if (stored === 0) ledger.oddity(4, 'the RIFF size was never written');
  const place = { reader, ledger, context, start: RIFF_HEADER, end };
  const hasSamples = accountWaveChunks(place, isBig);
  if (!hasSamples) throw new Broken(RIFF_HEADER, 'chunk data', 'one', 'none');
  if (8 + stored > reader.size && !isOpen)
    ledger.oddity(4, `the RIFF size counts ${8 + stored - reader.size} bytes more than there are`);
  accountTail(reader, ledger, end);
}

/** What `fmt ` and `ds64` say. */
interface WaveState {
  kind: SampleKind;
  dataSize: number;
}

function accountWaveChunks(place: Place, isBig: boolean): boolean {
  const state: WaveState = { kind: 'coded', dataSize: -1 };
  const sizeOf = (type: string, size: number) => {
    if (type !== 'data' || size < 0xffffffff) return size;
    return state.dataSize;
  };
  let hasSamples = false;
  for (const chunk of walkChunks(place, { isBig, align: 2 }, (type, size) =>
    openSize(place, sizeOf(type, size)),
  )) {
    hasSamples ||= chunk.type === 'data';
    accountWaveChunk(place, chunk, state, isBig);
  }
  return hasSamples;
}

/** Streams say −1 where they don't know the length: to the end. */
function openSize({ end }: Place, size: number): number {
  return size < 0 ? Math.max(0, end) : size;
}

function accountWaveChunk(place: Place, chunk: Chunk, state: WaveState, isBig: boolean): void {
  const { reader, ledger } = place;
  const { type, body, end } = chunk;
  const inside = { ...place, start: body, end };
  if (type === 'fmt ') state.kind = accountFormat(inside, isBig);
  else if (type === 'ds64') state.dataSize = accountSizes(inside);
  else if (type === 'data') accountSamples(inside, state.kind, 'samples');
  else if (type === 'LIST') accountList(inside, isBig);
  else if (type === 'bext') accountBroadcast(inside);
  else if (type === 'fact' || type === 'cue ' || type === 'smpl' || type === 'inst' || type === 'PEAK')
    ledger.raw(body, end, `chunk ${type}`);
  else if (type === 'id3 ' || type === 'ID3 ') examineStored(inside, 'tag.id3');
  else if (type === '_PMX' || type === 'iXML' || type === 'axml') examineTrimmed(inside, 'metadata.xml');
  else accountOther(inside, type);
  reader.meter.step();
}

/** Format codes of values as they are: PCM, floats, A-law, µ-law (RFC 2361). */
const plainCodes = new Set([1, 3, 6, 7, 0x101, 0x102]);
const EXTENSIBLE = 0xfffe;

function accountFormat({ reader, ledger, start, end }: Place, isBig: boolean): SampleKind {
  if (end - start < 14) throw new Broken(start, 'fmt chunk', 'at least 14 bytes', end - start);
  const u16 = (at: number) => (isBig ? reader.u16be(at) : reader.u16le(at));
  const u32 = (at: number) => (isBig ? reader.u32be(at) : reader.u32le(at));
  const code = u16(start) === EXTENSIBLE && end - start >= 40 ? u16(start + 24) : u16(start);
  const [channels, rate, align] = [u16(start + 2), u32(start + 4), u16(start + 12)];
  if (channels === 0 || rate === 0) throw new Broken(start + 2, 'channels and rate', 'above 0', channels);
  const isPlain = plainCodes.has(code);
  if (isPlain && u32(start + 8) !== rate * align) ledger.oddity(start + 8, 'bytes per second are miscounted');
  ledger.account(start, end, 'structure', 'format of samples', 16);
  return isPlain ? 'plain' : 'coded';
}

/** BS.2088 section 4: sizes of 64 bits of the file, of `data`, of samples, and a table. */
function accountSizes({ reader, ledger, start, end }: Place): number {
  if (end - start < 28) throw new Broken(start, 'ds64 chunk', 'at least 28 bytes', end - start);
  ledger.account(start, end, 'structure', 'sizes', 8);
  return reader.u64le(start + 8, 'data size');
}

function accountList(place: Place, isBig: boolean): void {
  const { reader, ledger, start, end } = place;
  const kind = reader.latin1(start, 4, 'list type');
  ledger.account(start, start + 4, 'structure', 'list type');
  for (const { type, body, end: chunkEnd } of walkChunks(
    { ...place, start: start + 4 },
    { isBig, align: 2 },
  )) {
    const isText = kind === 'INFO' || type === 'labl' || type === 'note';
    const text = isText && kind !== 'INFO' ? Math.min(chunkEnd, body + 4) : body;
    ledger.raw(body, text, 'cue');
    accountOther({ ...place, start: text, end: chunkEnd }, type);
  }
  if (end < start + 4) throw new Broken(start, 'list', 'at least 4 bytes', end - start);
}

/** EBU Tech 3285: texts of fixed length, a time, a version, loudness, room, coding history. */
function accountBroadcast(place: Place): void {
  const { ledger, start, end } = place;
  if (end - start < 602) throw new Broken(start, 'bext chunk', 'at least 602 bytes', end - start);
  accountOther({ ...place, end: start + 338 }, 'bext');
  ledger.raw(start + 338, start + 602, 'bext');
  accountOther({ ...place, start: start + 602 }, 'bext');
}

export function isPlainCode(code: number): boolean {
  return plainCodes.has(code);
}
