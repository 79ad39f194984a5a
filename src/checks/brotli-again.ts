import zlib from 'node:zlib';

const { BROTLI_PARAM_LGWIN, BROTLI_PARAM_QUALITY, BROTLI_PARAM_SIZE_HINT } = zlib.constants;
/** The cheap ones first, and those that are in use. */
const qualities = [1, 5, 11, 4, 6, 9, 2, 3, 7, 8, 10, 0];

/** How the reference encoder is asked for a stream. */
export interface BrotliSettings {
  readonly quality: number;
  readonly window: number;
}

/** The settings at which the reference encoder makes just this stream of its content; null for other encoders. */
export function settingsOf(stream: Uint8Array, content: Uint8Array): BrotliSettings | null {
  const window = windowOf(stream);
  if (window === null) return null;
  const settings = qualities.map((quality) => ({ quality, window }));
  return settings.find((those) => encodes(content, those, stream)) ?? null;
}

/** Whether the reference encoder makes this stream of this content. */
export function encodes(content: Uint8Array, settings: BrotliSettings, stream: Uint8Array): boolean {
  const params = {
    [BROTLI_PARAM_QUALITY]: settings.quality,
    [BROTLI_PARAM_LGWIN]: settings.window,
    [BROTLI_PARAM_SIZE_HINT]: content.length,
  };
  return zlib.brotliCompressSync(content, { params }).equals(stream);
}

/** WBITS, the first 1 to 7 bits (RFC 7932 §9.1); null for the windows of "large" streams. */
function windowOf([first = 0]: Uint8Array): number | null {
  if ((first & 1) === 0) return 16;
  const three = (first >> 1) & 7;
  if (three !== 0) return 17 + three;
  const more = (first >> 4) & 7;
  if (more === 1) return null;
  return more === 0 ? 17 : 8 + more;
}
