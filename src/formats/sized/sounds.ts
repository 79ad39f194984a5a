import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import { expectOneOf, expectWithin, type SizedLayout, sizedFormats } from './sized.ts';

/** Sounds with a header of fixed fields and plain samples. */
export const sizedSounds = sizedFormats([
  {
    id: 'avr',
    title: 'Audio visual research',
    extensions: ['avr'],
    signatures: [{ at: 0, hex: '32424954' }],
    spec: 'libsndfile source, avr.c',
    data: 'samples',
    measure: measureAvr,
  },
  {
    id: 'sndtool',
    title: 'SoundTool',
    extensions: ['sndt'],
    signatures: [{ at: 0, hex: '534f554e441a' }],
    spec: 'SoX source, sndrtool.c',
    data: 'samples',
    measure: (reader) => ({
      checked: [[0, 12]],
      texts: [[28, 124]],
      dataStart: 124,
      dataEnd: 124 + reader.u32le(8, 'number of samples'),
    }),
  },
  {
    id: 'sox',
    title: 'SoX native',
    extensions: ['sox'],
    signatures: [
      { at: 0, hex: '2e536f58' },
      { at: 0, hex: '586f532e' },
    ],
    spec: 'SoX source, sox-fmt.c',
    data: 'samples',
    measure: measureSox,
  },
  {
    id: 'psion-wave',
    title: 'Psion ALaw sound',
    extensions: ['wve'],
    signatures: [{ at: 0, hex: '414c6177536f756e6446696c652a2a' }],
    spec: 'libsndfile source, wve.c',
    data: 'samples',
    measure: measurePsion,
  },
  {
    id: 'ircam',
    title: 'IRCAM sound file',
    extensions: ['sf', 'ircam'],
    signatures: [
      { at: 0, hex: '64a30100' },
      { at: 0, hex: '64a30200' },
      { at: 0, hex: '64a30300' },
      { at: 0, hex: '64a30400' },
      { at: 0, hex: '0001a364' },
      { at: 0, hex: '0002a364' },
      { at: 0, hex: '0003a364' },
      { at: 0, hex: '0004a364' },
    ],
    spec: 'libsndfile source, ircam.c',
    data: 'samples',
    measure: measureIrcam,
  },
  {
    id: 'nist-sphere',
    title: 'NIST SPHERE audio',
    extensions: ['sph', 'nist'],
    signatures: [{ at: 0, hex: '4e4953545f31410a' }],
    spec: 'NIST SPHERE 2.6, Header structure',
    data: 'samples',
    measure: measureSphere,
  },
  {
    id: 'psion-record',
    title: 'Psion record',
    extensions: [],
    signatures: [{ at: 0, hex: '370000106d0000107e000010cfac0855' }],
    spec: 'Psiconv, format of Record files; SoX source, prc.c',
    data: 'samples',
    measure: measureRecord,
  },
  {
    id: 'htk',
    title: 'HTK waveform and parameters',
    extensions: ['htk'],
    signatures: [],
    spec: 'The HTK Book, section 5.10.1',
    data: 'samples',
    measure: measureHtk,
  },
  {
    id: 'dvms',
    title: 'DVMS voice mail',
    extensions: ['dvms', 'vms'],
    signatures: [],
    spec: 'SoX source, cvsd.c',
    data: 'bits of CVSD',
    measure: measureDvms,
  },
]);

/** Name, mono or stereo, bits, sign, loop, rate, length in frames. */
function measureAvr(reader: Reader): SizedLayout {
  const [stereo, bits, isSigned] = [reader.u16be(12), reader.u16be(14), reader.u16be(16)];
  expectOneOf(12, 'stereo', stereo, [0, 0xffff]);
  expectOneOf(14, 'bits of a sample', bits, [8, 16]);
  expectOneOf(16, 'sign', isSigned, [0, 0xffff]);
  const bytes = reader.u32be(26, 'length') * (stereo === 0 ? 1 : 2) * (bits / 8);
  return {
    checked: [
      [0, 4],
      [12, 18],
      [26, 30],
    ],
    texts: [
      [4, 12],
      [64, 128],
    ],
    dataStart: 128,
    dataEnd: 128 + bytes,
  };
}

/** Length of the header, number of samples of 32 bits, rate, channels, length of the comment. */
function measureSox(reader: Reader): SizedLayout {
  const isLittle = reader.has(0, '.SoX');
  const u32 = (at: number) => (isLittle ? reader.u32le(at, 'header') : reader.u32be(at, 'header'));
  const samples = isLittle ? reader.u64le(8) : reader.u64be(8);
  const [dataStart, comment] = [4 + u32(4), u32(28)];
  expectWithin(4, 'size of the header', dataStart, 32 + comment, 32 + comment + 8);
  return {
    checked: [
      [0, 16],
      [24, 32],
    ],
    texts: [[32, dataStart]],
    dataStart,
    dataEnd: dataStart + 4 * samples,
  };
}

function measurePsion(reader: Reader): SizedLayout {
  expectOneOf(16, 'version', reader.u16be(16), [0x0f10]);
  return { checked: [[0, 22]], dataStart: 32, dataEnd: 32 + reader.u32be(18, 'length') };
}

/** Bytes of a sample by its code: PCM, floats, A-law and µ-law. */
const ircamSamples: Readonly<Record<number, number>> = {
  1: 1,
  2: 2,
  3: 3,
  4: 4,
  8: 8,
  262148: 4,
  65537: 1,
  131073: 1,
};

/** Rate, channels and code in the order of the machine that wrote them; a sound goes to the end of the file. */
function measureIrcam(reader: Reader): SizedLayout {
  const isLittle = reader.u32le(8, 'channels') < 0x10000;
  const u32 = (at: number) => (isLittle ? reader.u32le(at) : reader.u32be(at));
  expectWithin(8, 'channels', u32(8), 1, 256);
  const bytes = ircamSamples[u32(12)];
  if (bytes === undefined) throw new Broken(12, 'code of a sample', 'a known one', u32(12));
  if ((reader.size - 1024) % (bytes * u32(8)) !== 0)
    throw new Broken(reader.size, 'samples', `a multiple of ${bytes * u32(8)} bytes`, reader.size - 1024);
  return { checked: [[0, 16]], dataStart: 1024, dataEnd: reader.size };
}

/** Lines of a name, a kind and a value. */
function measureSphere(reader: Reader): SizedLayout {
  const header = Number(reader.latin1(8, 8, 'header'));
  expectWithin(8, 'size of the header', header, 16, 1 << 16);
  const text = reader.latin1(0, header, 'header');
  const field = (name: string) => Number(new RegExp(`\n${name} -i (\\d{1,12})\n`).exec(text)?.[1]);
  const coding = /\nsample_coding -s\d+ ([^\n]*)\n/.exec(text)?.[1] ?? 'pcm';
  if (!/^(pcm|ulaw|mu-law|alaw)$/.test(coding))
    throw new Broken(0, 'coding of samples', 'pcm, ulaw or alaw', coding);
  const bytes = field('sample_count') * field('channel_count') * field('sample_n_bytes');
  if (!Number.isSafeInteger(bytes))
    throw new Broken(0, 'header', 'count, channels and bytes of samples', 'others');
  return { checked: [], texts: [[0, header]], dataStart: header, dataEnd: header + bytes };
}

const RECORD_SECTION = 0x10000052;

/** A list of sections, by numbers and offsets; that of the sound has 20 bytes, whose last are the length, before the samples. */
function measureRecord(reader: Reader): SizedLayout {
  const list = reader.u32le(16, 'list of sections');
  const words = reader.u8(list, 'list of sections');
  for (let at = list + 1; at < list + 1 + 4 * words; at += 8) {
    if (reader.u32le(at, 'section') !== RECORD_SECTION) continue;
    const section = reader.u32le(at + 4, 'section');
    const dataStart = section + 20;
    return {
      checked: [
        [0, 20],
        [list, list + 1 + 4 * words],
        [section + 16, dataStart],
      ],
      dataStart,
      dataEnd: dataStart + reader.u32le(section + 16, 'length'),
    };
  }
  throw new Broken(list, 'list of sections', 'one of sound', 'none');
}

/** Number of samples, period, bytes of a sample, kind. */
function measureHtk(reader: Reader): SizedLayout {
  const dataEnd = 12 + reader.u32be(0) * reader.u16be(8, 'bytes of a sample');
  if (dataEnd !== reader.size)
    throw new Broken(0, 'number of samples', 'one that makes the size of the file', dataEnd);
  expectWithin(10, 'kind', reader.u16be(10) & 0x3f, 0, 13);
  return {
    checked: [
      [0, 4],
      [8, 12],
    ],
    dataStart: 12,
    dataEnd,
  };
}

const DVMS_SUM = 118;

/** The bytes of the header are added up. */
function measureDvms(reader: Reader): SizedLayout {
  const sum = reader.bytes(0, DVMS_SUM, 'header').reduce((total, byte) => (total + byte) & 0xffff, 0);
  expectOneOf(DVMS_SUM, 'sum of the header', reader.u16le(DVMS_SUM, 'header'), [sum]);
  const length = reader.u32le(26, 'length');
  return {
    checked: [
      [26, 30],
      [DVMS_SUM, DVMS_SUM + 2],
    ],
    texts: [
      [0, 14],
      [38, DVMS_SUM],
    ],
    dataStart: DVMS_SUM + 2,
    dataEnd: DVMS_SUM + 2 + length,
  };
}
