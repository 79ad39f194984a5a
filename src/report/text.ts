/** Control characters, bidirectional overrides and lone surrogates never reach a terminal as they are. */
const unprintable =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** The text with everything that could act on a terminal, or mislead the eye, as `\u{…}`. */
export function printable(text: string): string {
  return text.replace(unprintable, (character) => `\\u{${character.charCodeAt(0).toString(16)}}`);
}

const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** A length in bytes, in the unit that suits people. */
export function bytesText(bytes: number): string {
  const unit = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
  if (unit === 0) return `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`;
  return `${(bytes / 1024 ** unit).toFixed(1)} ${units[unit]}`;
}

/** A share of the whole, in percent; never rounded up to 100 nor down to 0. */
export function percentText(part: number, whole: number): string {
  if (whole === 0 || part === 0) return '0 %';
  const share = (100 * part) / whole;
  if (share > 99.9 && share < 100) return '> 99.9 %';
  if (share < 0.1) return '< 0.1 %';
  return `${share.toFixed(share === 100 ? 0 : 1)} %`;
}
