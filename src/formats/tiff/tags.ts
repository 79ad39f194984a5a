/** Tags that lead somewhere, or say how to read what is there (TIFF 6.0; Exif 2.32; DNG 1.7). */
export const tags = {
  width: 256,
  height: 257,
  bitsPerSample: 258,
  compression: 259,
  photometric: 262,
  fillOrder: 266,
  stripOffsets: 273,
  samplesPerPixel: 277,
  rowsPerStrip: 278,
  stripByteCounts: 279,
  planarConfiguration: 284,
  group3Options: 292,
  group4Options: 293,
  predictor: 317,
  tileWidth: 322,
  tileLength: 323,
  tileOffsets: 324,
  tileByteCounts: 325,
  subIfds: 330,
  jpegTables: 347,
  thumbnailOffset: 513,
  thumbnailLength: 514,
  subsampling: 530,
  xmp: 700,
  iptc: 33723,
  resources: 34377,
  exif: 34665,
  icc: 34675,
  gps: 34853,
  interoperability: 40965,
  makerNote: 37500,
} as const;

/** Tags whose values are offsets of directories. */
export const directories: readonly number[] = [tags.subIfds, tags.exif, tags.gps, tags.interoperability];

/** Tags whose values are proved by what stands where they say. */
export const placements: readonly number[] = [
  tags.stripOffsets,
  tags.stripByteCounts,
  tags.tileOffsets,
  tags.tileByteCounts,
  ...directories,
];
