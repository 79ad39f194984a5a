import { Broken } from '../../bytes/errors.ts';
import type { PdfDocument } from './document.ts';
import { countIn, type Dictionary, isArray, isDictionary, Name, nameIn, type PdfValue } from './values.ts';

/** What a stream's dictionary says about its decoded contents. `free`: nothing at all. */
export type StreamKind =
  | 'image'
  | 'content'
  | 'xref'
  | 'objects'
  | 'file'
  | 'text'
  | 'font'
  | 'binary'
  | 'free';

/** A stream in the file. */
export interface PdfStream {
  /** Number of its object. */
  readonly object: number;
  readonly dictionary: Dictionary;
  readonly kind: StreamKind;
  /** Its data, in bytes of the file. */
  readonly start: number;
  readonly end: number;
  /** Its end was searched for: /Length is wrong, or unknown. */
  readonly isGuessed: boolean;
}

/** Data that nothing proves must at least end where /Length says. @throws Broken */
export function requireLength({ isGuessed, end }: PdfStream): void {
  if (isGuessed) throw new Broken(end, 'stream', '/Length that leads to endstream');
}

/** Read from the keys (ISO 32000-1: the table of each kind of stream). */
export function kindOf(dictionary: Dictionary): StreamKind {
  const byType = kindsByType.get(nameIn(dictionary, 'Type'));
  if (byType !== undefined && byType !== 'content') return byType;
  const bySubtype = kindsBySubtype.get(nameIn(dictionary, 'Subtype', 'S'));
  if (bySubtype !== undefined) return bySubtype;
  for (const [key, kind] of kindsByKey) if (dictionary.has(key)) return kind;
  return byType ?? 'free';
}

const kindsByType: ReadonlyMap<string, StreamKind> = new Map<string, StreamKind>([
  ['XRef', 'xref'],
  ['ObjStm', 'objects'],
  ['EmbeddedFile', 'file'],
  ['Metadata', 'text'],
  ['CMap', 'text'],
  ['Pattern', 'content'],
  ['Sound', 'binary'],
  ['3D', 'file'],
  ['Halftone', 'binary'],
]);

const kindsBySubtype: ReadonlyMap<string, StreamKind> = new Map<string, StreamKind>([
  ['Image', 'image'],
  ['Form', 'content'],
  ['XML', 'text'],
  ['Type1C', 'font'],
  ['CIDFontType0C', 'font'],
  ['OpenType', 'font'],
  ['U3D', 'file'],
  ['PRC', 'file'],
]);

const kindsByKey: readonly (readonly [string, StreamKind])[] = [
  ['PatternType', 'content'],
  ['Length1', 'font'],
  ['ShadingType', 'binary'],
  ['FunctionType', 'binary'],
  ['HalftoneType', 'binary'],
  ['Params', 'file'],
  ['Alternate', 'binary'],
  ['N', 'binary'],
  // Hint stream of a linearised file (annex F.3).
  ['S', 'binary'],
  ['Width', 'image'],
];

const componentsByName: ReadonlyMap<string, number> = new Map([
  ...['DeviceGray', 'G', 'CalGray', 'Indexed', 'I', 'Separation'].map((name) => [name, 1] as const),
  ...['DeviceRGB', 'RGB', 'CalRGB', 'Lab'].map((name) => [name, 3] as const),
  ...['DeviceCMYK', 'CMYK'].map((name) => [name, 4] as const),
]);

/** Bytes that an image's samples have, each row padded to whole bytes (§8.9.5.2); null where unknown. */
export function sampleBytes(document: PdfDocument, dictionary: Dictionary): number | null {
  const width = document.resolveIn(dictionary, 'Width', 'W');
  const height = document.resolveIn(dictionary, 'Height', 'H');
  if (typeof width !== 'number' || typeof height !== 'number') return null;
  const isMask = document.resolveIn(dictionary, 'ImageMask', 'IM') === true;
  const bits = isMask ? 1 : document.resolveIn(dictionary, 'BitsPerComponent', 'BPC');
  const components = isMask ? 1 : componentsOf(document, document.resolveIn(dictionary, 'ColorSpace', 'CS'));
  if (typeof bits !== 'number' || components === null) return null;
  return Math.ceil((width * bits * components) / 8) * height;
}

function componentsOf(document: PdfDocument, space: PdfValue): number | null {
  if (space instanceof Name) return componentsByName.get(space.name) ?? null;
  if (!isArray(space)) return null;
  const [family, second] = [document.resolve(space[0]), document.resolve(space[1])];
  if (!(family instanceof Name)) return null;
  if (family.name === 'DeviceN') return isArray(second) ? second.length : null;
  if (family.name === 'ICCBased') return isDictionary(second) ? countIn(second, 'N') : null;
  return componentsByName.get(family.name) ?? null;
}

/** A name for what a stream holds, as a member of the file. */
export function memberName(dictionary: Dictionary, object: number, extension = ''): string {
  const subtype = nameIn(dictionary, 'Subtype');
  const ending = extension || mimeEndings.get(subtype) || '';
  return `object ${object}${ending === '' ? '' : `.${ending}`}`;
}

const mimeEndings: ReadonlyMap<string, string> = new Map([
  ['text/xml', 'xml'],
  ['application/xml', 'xml'],
  ['text/plain', 'txt'],
  ['text/csv', 'csv'],
  ['application/pdf', 'pdf'],
  ['image/png', 'png'],
  ['image/jpeg', 'jpg'],
]);
