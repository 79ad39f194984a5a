import { Broken, OverBudget } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import { adler32 } from '../../checks/adler32.ts';
import { decodeAsciiHex } from '../../checks/ascii-hex.ts';
import { decodeAscii85 } from '../../checks/ascii85.ts';
import { inflate } from '../../checks/inflate.ts';
import { decodeLzw } from '../../checks/lzw.ts';
import { decodeRunLength } from '../../checks/run-length.ts';
import type { Proof } from '../../ledger/terms.ts';
import { type Dictionary, isArray, isDictionary, Name, type PdfValue } from './values.ts';

const MOST_FILTERS = 8;

/** One step of a stream's filter chain (ISO 32000-1 §7.4). */
export interface Filter {
  /** The long name: `FlateDecode`. */
  readonly name: string;
  readonly parameters: Dictionary;
}

/** What decoding one step told about its input. */
export interface Decoding {
  /** Offset behind the encoded data. */
  readonly end: number;
  /** What proves the encoded bytes by themselves; null where any bytes decode. */
  readonly proof: Proof | null;
  /** See `Ledger.account`. */
  readonly floor: number;
  readonly oddity?: string;
}

export type Sink = (output: Uint8Array) => void;
type Decode = (reader: Reader, start: number, end: number, parameters: Dictionary, sink: Sink) => Decoding;

/** ISO 32000-1 table 93: abbreviations, allowed in inline images and met elsewhere. */
const longNames: Readonly<Record<string, string>> = {
  AHx: 'ASCIIHexDecode',
  A85: 'ASCII85Decode',
  LZW: 'LZWDecode',
  Fl: 'FlateDecode',
  RL: 'RunLengthDecode',
  CCF: 'CCITTFaxDecode',
  DCT: 'DCTDecode',
};

const decoders: ReadonlyMap<string, Decode> = new Map<string, Decode>([
  ['FlateDecode', decodeFlate],
  ['LZWDecode', decodeLzwStep],
  ['ASCII85Decode', decodeAscii85Step],
  ['ASCIIHexDecode', decodeAsciiHexStep],
  ['RunLengthDecode', decodeRunLengthStep],
]);

/** The filters of a stream or inline image. @throws Broken, OverBudget */
export function filtersOf(
  dictionary: Dictionary,
  resolve: (value: PdfValue | undefined) => PdfValue,
): Filter[] {
  const names = listOf(resolve(dictionary.get('Filter') ?? dictionary.get('F')));
  const parameters = listOf(resolve(dictionary.get('DecodeParms') ?? dictionary.get('DP')));
  if (names.length > MOST_FILTERS) throw new OverBudget('filters of one PDF stream', MOST_FILTERS);
  return names.map((value, i) => {
    const name = resolve(value);
    const settings = resolve(parameters[i]);
    return {
      name: name instanceof Name ? (longNames[name.name] ?? name.name) : '',
      parameters: isDictionary(settings) ? settings : new Map(),
    };
  });
}

/** The decoder of a filter; undefined where there's none here. */
export function decoderOf({ name, parameters }: Filter) {
  const decode = decoders.get(name);
  if (decode === undefined) return undefined;
  return (reader: Reader, start: number, end: number, sink: Sink) =>
    decode(reader, start, end, parameters, sink);
}

function listOf(value: PdfValue): readonly PdfValue[] {
  if (isArray(value)) return value;
  return value === null ? [] : [value];
}

/** RFC 1950: two bytes of header, deflate data, Adler-32 of the output. */
function decodeFlate(reader: Reader, start: number, end: number, _: Dictionary, sink: Sink): Decoding {
  const header = reader.u16be(start, 'zlib header');
  if ((header & 0x0f00) !== 0x0800 || header % 31 !== 0 || (header & 0x20) !== 0) {
    throw new Broken(start, 'zlib header', 'deflate, a multiple of 31', header);
  }
  let computed = 1;
  const { consumed } = inflate(reader, start + 2, end, (piece) => {
    computed = adler32(piece, computed);
    sink(piece);
  });
  return checkAdler(reader, start + 2 + consumed, end, computed);
}

/** Some writers cut the sum off, or count it short in /Length; a whole but wrong one is never honest. */
function checkAdler(reader: Reader, at: number, end: number, computed: number): Decoding {
  const present = Math.min(4, end - at);
  if (present < 4) return { end, proof: 'decoder', floor: 64, oddity: `Adler-32 cut to ${present} bytes` };
  const stored = reader.u32be(at, 'Adler-32');
  if (stored === computed) return { end: at + 4, proof: 'checksum', floor: 1 };
  throw new Broken(at, 'Adler-32', stored, computed);
}

function decodeLzwStep(
  reader: Reader,
  start: number,
  end: number,
  parameters: Dictionary,
  sink: Sink,
): Decoding {
  const early = parameters.get('EarlyChange') === 0 ? 0 : 1;
  const { consumed } = decodeLzw(reader, start, end, early, sink);
  return { end: start + consumed, proof: 'decoder', floor: 64 };
}

/** (91/256)^16 = 7·10⁻⁸: bytes outside of the alphabet are `Broken`. */
function decodeAscii85Step(reader: Reader, start: number, end: number, _: Dictionary, sink: Sink): Decoding {
  const { consumed } = decodeAscii85(reader, skipPrefix(reader, start, end), end, sink);
  return { end: Math.min(end, skipPrefix(reader, start, end) + consumed), proof: 'grammar', floor: 16 };
}

/** PostScript's `<~` is no part of the PDF filter, but met. */
function skipPrefix(reader: Reader, start: number, end: number): number {
  return end - start > 2 && reader.has(start, '<~') ? start + 2 : start;
}

function decodeAsciiHexStep(reader: Reader, start: number, end: number, _: Dictionary, sink: Sink): Decoding {
  const { consumed } = decodeAsciiHex(reader, start, end, sink);
  return { end: start + consumed, proof: 'grammar', floor: 16 };
}

function decodeRunLengthStep(
  reader: Reader,
  start: number,
  end: number,
  _: Dictionary,
  sink: Sink,
): Decoding {
  const { consumed } = decodeRunLength(reader, start, end, sink);
  return { end: start + consumed, proof: null, floor: Number.POSITIVE_INFINITY };
}

/** Decodes one step into memory. @throws Broken, OverBudget when the output has more than `most` bytes */
export function decodeWhole(filter: Filter, reader: Reader, start: number, end: number, most: number) {
  const decode = decoderOf(filter);
  if (decode === undefined) throw new Broken(start, 'name of a filter', 'a known one', filter.name);
  const pieces: Buffer[] = [];
  let length = 0;
  const decoding = decode(reader, start, end, (piece) => {
    length += piece.length;
    if (length > most) throw new OverBudget('bytes of one PDF stream held in memory', most);
    pieces.push(Buffer.from(piece));
  });
  return { decoding, bytes: Buffer.concat(pieces, length) };
}
