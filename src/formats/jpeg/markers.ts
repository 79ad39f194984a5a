/** Second bytes of markers (T.81 table B.1). */
export const SOI = 0xd8;
export const EOI = 0xd9;
export const SOS = 0xda;
export const DQT = 0xdb;
export const DNL = 0xdc;
export const DRI = 0xdd;
export const DHT = 0xc4;
export const DAC = 0xcc;
export const TEM = 0x01;
export const COM = 0xfe;
export const RST0 = 0xd0;
export const APP0 = 0xe0;

/** How the samples of a frame are coded (T.81 table B.1; T.87 for JPEG-LS). */
export type Coding = 'baseline' | 'extended' | 'progressive' | 'lossless' | 'other';

export interface FrameKind {
  readonly coding: Coding;
  readonly entropy: 'huffman' | 'arithmetic' | 'golomb';
}

export const frames: ReadonlyMap<number, FrameKind> = new Map<number, FrameKind>([
  [0xc0, { coding: 'baseline', entropy: 'huffman' }],
  [0xc1, { coding: 'extended', entropy: 'huffman' }],
  [0xc2, { coding: 'progressive', entropy: 'huffman' }],
  [0xc3, { coding: 'lossless', entropy: 'huffman' }],
  [0xc5, { coding: 'other', entropy: 'huffman' }],
  [0xc6, { coding: 'other', entropy: 'huffman' }],
  [0xc7, { coding: 'other', entropy: 'huffman' }],
  [0xc9, { coding: 'extended', entropy: 'arithmetic' }],
  [0xca, { coding: 'progressive', entropy: 'arithmetic' }],
  [0xcb, { coding: 'lossless', entropy: 'arithmetic' }],
  [0xcd, { coding: 'other', entropy: 'arithmetic' }],
  [0xce, { coding: 'other', entropy: 'arithmetic' }],
  [0xcf, { coding: 'other', entropy: 'arithmetic' }],
  [0xf7, { coding: 'other', entropy: 'golomb' }],
]);

export function isRestart(marker: number): boolean {
  return marker >= RST0 && marker <= 0xd7;
}

export function isApplication(marker: number): boolean {
  return marker >= APP0 && marker <= 0xef;
}
