import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import { expectOneOf, type SizedLayout, sizedFormats } from './sized.ts';

/** The most bytes of a header in words. */
const MOST_HEADER = 1 << 16;

/** Images with a header in words. */
export const labelledImages = sizedFormats([
  {
    id: 'vicar',
    title: 'VICAR image',
    extensions: ['vicar', 'vic'],
    signatures: [{ at: 0, hex: '4c424c53495a453d' }],
    spec: 'JPL, The VICAR File Format',
    data: 'pixels',
    measure: measureVicar,
  },
  {
    id: 'im',
    title: 'IFUNC image',
    extensions: ['im'],
    signatures: [{ at: 0, hex: '496d61676520747970653a20' }],
    spec: 'Pillow source, ImImagePlugin.py',
    data: 'pixels',
    measure: measureIm,
  },
  {
    id: 'xv-thumbnail',
    title: 'xv thumbnail',
    extensions: ['p7'],
    signatures: [{ at: 0, hex: '503720333332' }],
    spec: 'xv manual, appendix',
    data: 'pixels',
    measure: measureThumbnail,
  },
  {
    id: 'im-tools',
    title: 'IM Tools image',
    extensions: ['imt'],
    signatures: [{ at: 0, hex: '2a636f6d6d656e740a' }],
    spec: 'Pillow source, ImtImagePlugin.py',
    data: 'pixels',
    measure: measureImTools,
  },
  {
    id: 'miff',
    title: 'ImageMagick format',
    extensions: ['miff'],
    signatures: [{ at: 0, hex: '69643d496d6167654d616769636b' }],
    spec: 'ImageMagick, Magick Image File Format',
    data: 'profiles and pixels',
    measure: measureMiff,
  },
  {
    id: 'pil-font',
    title: 'Pillow bitmap font',
    extensions: ['pil'],
    signatures: [{ at: 0, hex: '50494c666f6e740a' }],
    spec: 'Pillow source, ImageFont.py',
    data: 'metrics of 256 glyphs',
    measure: measureFont,
  },
]);

/** The beginning of the file up to `end`, as text. @throws Broken where `end` doesn't come */
function headerText(reader: Reader, end: RegExp, what: string): string {
  const text = reader.latin1(0, Math.min(reader.size, MOST_HEADER));
  const match = end.exec(text);
  if (match === null) throw new Broken(0, what, 'its end', 'none');
  return text.slice(0, match.index + match[0].length);
}

function numberOf(text: string, pattern: RegExp, what: string): number {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Broken(0, what, 'a number', 'none');
  return Number(found);
}

/** Records of RECSIZE bytes: NLB of binary header, then NL lines in each of NB bands. */
function measureVicar(reader: Reader): SizedLayout {
  const size = numberOf(reader.latin1(0, Math.min(64, reader.size)), /^LBLSIZE=(\d{1,8})\s/, 'LBLSIZE');
  const text = reader.latin1(0, Math.min(size, MOST_HEADER), 'label');
  const field = (name: string) => numberOf(text, new RegExp(`\\s${name}=(\\d{1,9})\\s`), name);
  const isByPixel = /\sORG='BIP'/.test(text);
  const lines = isByPixel ? field('NL') * field('NS') : field('NL') * field('NB');
  const dataEnd = size + field('RECSIZE') * (field('NLB') + lines);
  return { checked: [], texts: [[0, size]], dataStart: size, dataEnd };
}

/** Bits of a pixel by the first words of the image type. */
const imBits: Readonly<Record<string, number>> = {
  '0 1': 1,
  'L 1': 1,
  B1: 1,
  B2: 2,
  B4: 4,
  Greyscale: 8,
  Grayscale: 8,
  'X 24': 24,
  'L 32 S': 32,
  'L 32 F': 32,
  LA: 16,
  PA: 16,
  RGB: 24,
  RYB: 24,
  RGB3: 24,
  RYB3: 24,
  YCC: 24,
  RGBA: 32,
  RGBX: 32,
  CMYK: 32,
};
const IM_HEADER = 512;

/** Lines of `key: value`, zeros, and 1A at the end of 512 bytes; `Lut` tells that 768 bytes of colours follow. */
function measureIm(reader: Reader): SizedLayout {
  expectOneOf(IM_HEADER - 1, 'end of the header', reader.u8(IM_HEADER - 1, 'header'), [0x1a]);
  const text = reader.latin1(0, IM_HEADER - 1);
  const kind = /^Image type: (.+?) image\r?\n/.exec(text)?.[1] ?? '';
  const bits = imBits[kind];
  const size = /\nImage size \(x\*y\): (\d{1,6})\*(\d{1,6})\r?\n/.exec(text);
  if (bits === undefined || size === null) throw new Broken(0, 'header', 'a known type and a size', kind);
  const images = /\nFile size \(no of images\): (\d{1,6})\r?\n/.exec(text)?.[1] ?? '1';
  const dataStart = IM_HEADER + (/\nLut:/.test(text) ? 768 : 0);
  const rows = Number(size[2]) * Number(images);
  const dataEnd = dataStart + Math.ceil((Number(size[1]) * bits) / 8) * rows;
  return { checked: [[IM_HEADER - 1, IM_HEADER]], texts: [[0, IM_HEADER - 1]], dataStart, dataEnd };
}

/** Comments, then width, height and 255, as in an anymap; 3, 3 and 2 bits of a pixel. */
function measureThumbnail(reader: Reader): SizedLayout {
  const text = headerText(reader, /^P7 332\n(?:#[^\n]*\n)*(\d{1,6}) (\d{1,6}) 255\n/, 'header');
  const [width, height] = text.trimEnd().split('\n').at(-1)!.split(' ').map(Number);
  return {
    checked: [],
    texts: [[0, text.length]],
    dataStart: text.length,
    dataEnd: text.length + width! * height!,
  };
}

/** Lines of words, a form feed, and pixels of one byte. */
function measureImTools(reader: Reader): SizedLayout {
  const text = headerText(reader, /^[\t\n\r\x20-\x7e]*\f/, 'header');
  const pixels =
    numberOf(text, /\nwidth (\d{1,6})\n/, 'width') * numberOf(text, /\nheight (\d{1,6})\n/, 'height');
  const dataStart = text.length;
  return {
    checked: [[dataStart - 1, dataStart]],
    texts: [[0, dataStart - 1]],
    dataStart,
    dataEnd: dataStart + pixels,
  };
}

/** `key=value` up to a colon and 1A; then profiles, and the pixels, which may be packed, up to the end. */
function measureMiff(reader: Reader): SizedLayout {
  const dataStart = headerText(reader, /:\x1a/, 'header').length;
  const text = reader.latin1(0, dataStart);
  const field = (name: string) => numberOf(text, new RegExp(`\\b${name}=(\\d{1,9})\\s`), name);
  const isPlain =
    !/\bcompression=(?!None)/i.test(text) &&
    !/\b(?:class=PseudoClass|matte=True|alpha-trait=|colorspace=(?:Gray|CMYK|LinearGray))/i.test(text);
  const profiles = [...text.matchAll(/\bprofile-\S+?=(\d{1,9})\s/g)].reduce(
    (sum, [, size]) => sum + Number(size),
    0,
  );
  const pixels = 3 * field('columns') * field('rows') * Math.ceil(field('depth') / 8);
  return {
    checked: [[dataStart - 2, dataStart]],
    texts: [[0, dataStart - 2]],
    dataStart,
    dataEnd: isPlain ? dataStart + profiles + pixels : reader.size,
  };
}

/** Ten numbers of 16 bits for each glyph: advance, and two boxes. */
function measureFont(reader: Reader): SizedLayout {
  const text = headerText(reader, /^PILfont\n;;;;;;\d{1,4};\n(?:[^\n]{0,1000}\n){0,100}?DATA\n/, 'header');
  return { checked: [], texts: [[0, text.length]], dataStart: text.length, dataEnd: text.length + 256 * 20 };
}
