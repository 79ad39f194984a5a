import { type Decoder, deflate, deflate64 } from '../../checks/decoder.ts';
import { bzip2, lzmaOfZip, xz, zstd } from '../../checks/stream-decoders.ts';
import { stored } from './stored.ts';

/** Ways in which entries are packed (APPNOTE §4.4.5): the decoders that there are, and the names of all. */
export const methods: Readonly<Record<number, { readonly title: string; readonly decoder?: Decoder }>> = {
  0: { title: 'stored', decoder: stored },
  1: { title: 'Shrink' },
  2: { title: 'Reduce' },
  3: { title: 'Reduce' },
  4: { title: 'Reduce' },
  5: { title: 'Reduce' },
  6: { title: 'Implode' },
  8: { title: 'Deflate', decoder: deflate },
  9: { title: 'Deflate64', decoder: deflate64 },
  12: { title: 'bzip2', decoder: bzip2 },
  14: { title: 'LZMA', decoder: lzmaOfZip },
  20: { title: 'Zstandard', decoder: zstd },
  93: { title: 'Zstandard', decoder: zstd },
  95: { title: 'XZ', decoder: xz },
  96: { title: 'JPEG' },
  97: { title: 'WavPack' },
  98: { title: 'PPMd' },
};
