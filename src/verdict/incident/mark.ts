/** Bytes that stand at the same distance from an end in many files. */
export interface SharedBytes {
  /** Distance of the first of these bytes from the beginning or, for tails, from the end of the file. */
  readonly at: number;
  readonly hex: string;
}

/** What the files of one incident have in common, and files of different kinds have not. */
export type Shared =
  | { readonly kind: 'tail-bytes' | 'head-bytes'; readonly bytes: readonly SharedBytes[] }
  /** A tail of this length, with a field in it that can be checked without a key: `size 534`. */
  | { readonly kind: 'tail-check'; readonly check: string }
  | { readonly kind: 'tail-length'; readonly length: number }
  | { readonly kind: 'extension'; readonly extension: string }
  | { readonly kind: 'layout'; readonly layout: string };

/** A mark that was learnt from a scan. */
export type IncidentMark = Shared & {
  /** Files, of those that were compared, that have it. */
  readonly files: number;
  /** Files that were compared. */
  readonly compared: number;
  /** Kinds of files that have it; types that begin alike are one kind. */
  readonly kinds: number;
  /** The probability that as many independent files share it, at most; null where no law of chance applies. */
  readonly chance: number | null;
};

export function describeMark(mark: Shared): string {
  switch (mark.kind) {
    case 'tail-bytes':
      return `${lengthOf(mark.bytes)} equal bytes, from ${mark.bytes[0]!.at} before the end on`;
    case 'head-bytes':
      return `${lengthOf(mark.bytes)} equal bytes, from byte ${mark.bytes[0]!.at} on`;
    case 'tail-check':
      return mark.check.startsWith('size')
        ? `a tail of ${mark.check.slice(5)} bytes that holds the size of the content`
        : `a tail of ${mark.check.slice(4)} bytes that ends in its own CRC-32`;
    case 'tail-length':
      return `${mark.length} bytes appended`;
    case 'extension':
      return `the new extension .${mark.extension}`;
    case 'layout':
      return `random bytes in one layout: ${mark.layout}`;
  }
}

function lengthOf(bytes: readonly SharedBytes[]): number {
  return bytes.reduce((sum, { hex }) => sum + hex.length / 2, 0);
}
