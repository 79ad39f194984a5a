import { type Reader, WINDOW } from '../bytes/reader.ts';
import { isCustomary } from '../formats/extensions.ts';
import { compatible } from '../formats/families.ts';
import type { Format, KnownFormat } from '../formats/format.ts';
import type { Matcher } from '../formats/match.ts';
import type { Identity } from '../verdict/evidence.ts';
import type { Catalogue } from './catalogue.ts';

/** How much of both ends is looked at first for magic bytes, in bytes. */
const HEAD = 4096;
const TAIL = 1024;

/** A format that may account for the bytes, and what speaks for it. */
export interface Candidate {
  readonly format: Format;
  readonly by: 'magic' | 'name' | 'content';
}

/** What a file may be, before its bytes are accounted for. */
export interface Identification {
  /** Formats to try, most telling first; to be gone through once. */
  readonly candidates: Iterable<Candidate>;
  /** The identity that holds if no candidate can account for anything. */
  readonly identity: Identity;
}

export function identify(reader: Reader, name: string, catalogue: Catalogue): Identification {
  const { size } = reader;
  const { head, tail } = endsOf(reader);
  const matched = matchEnds(reader, head, tail, catalogue.matcher);
  const promise = catalogue.extensions.promisedBy(name);
  const magic = matched[0] ?? null;
  const { formats, extension, appended } = promise;
  return {
    candidates: candidatesOf(matched, promise.formats, catalogue.formats, head, size),
    identity: {
      format: null,
      verifier: null,
      magic,
      promised: formats,
      extension,
      appended: appended === null || isCustomary(appended) ? null : appended,
      asPromised: agrees(formats, magic),
    },
  };
}

/** Of a file that the reader holds as a whole, views stay valid; a copy for each of many small files costs. */
function endsOf(reader: Reader): { readonly head: Uint8Array; readonly tail: Uint8Array } {
  const { size } = reader;
  const tailStart = Math.max(0, size - TAIL);
  if (size <= WINDOW) {
    const whole = reader.bytes(0, size);
    return { head: whole.subarray(0, HEAD), tail: whole.subarray(tailStart) };
  }
  const tail = reader.copy(tailStart, TAIL);
  return { head: reader.copy(0, HEAD), tail };
}

/** Contents are looked at only once magic bytes and name have led nowhere: that is most of the work on a small file. */
function* candidatesOf(
  matched: readonly KnownFormat[],
  promised: readonly KnownFormat[],
  all: readonly Format[],
  head: Uint8Array,
  size: number,
): Generator<Candidate> {
  const tried = new Set<KnownFormat>();
  const isNew = (format: KnownFormat): format is Format => 'verify' in format && !tried.has(format);
  for (const format of matched) if (isNew(format)) yield { format: once(tried, format), by: 'magic' };
  for (const format of promised) if (isNew(format)) yield { format: once(tried, format), by: 'name' };
  for (const format of all) {
    if (!tried.has(format) && format.recognise?.(head, size)) yield { format, by: 'content' };
  }
}

function once(tried: Set<KnownFormat>, format: Format): Format {
  tried.add(format);
  return format;
}

/** File systems and discs have their magic bytes further in: looked at only where nothing else is known. */
function matchEnds(
  reader: Reader,
  head: Uint8Array,
  tail: Uint8Array,
  matcher: Matcher,
): readonly KnownFormat[] {
  const { size } = reader;
  const matched = matcher.match(head, tail, size);
  if (matched.length > 0 || size <= head.length) return matched;
  return matcher.match(reader.bytes(0, Math.min(matcher.headBytes, size)), tail, size);
}

export function agrees(promised: readonly KnownFormat[], found: KnownFormat | null): boolean {
  return promised.length === 0 || found === null || promised.some((format) => compatible(format, found));
}
