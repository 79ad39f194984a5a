import type { Reader } from '../bytes/reader.ts';
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
  /** Formats to try, most telling first. */
  readonly candidates: readonly Candidate[];
  /** The identity that holds if no candidate can account for anything. */
  readonly identity: Identity;
}

export function identify(reader: Reader, name: string, catalogue: Catalogue): Identification {
  const { size } = reader;
  const tail = reader.copy(Math.max(0, size - TAIL), Math.min(TAIL, size));
  const head = reader.copy(0, Math.min(HEAD, size));
  const matched = matchEnds(reader, head, tail, catalogue.matcher);
  const promise = catalogue.extensions.promisedBy(name);
  const magic = matched[0] ?? null;
  const candidates = new Map<Format, Candidate>();
  const add = (format: Format, by: Candidate['by']) => {
    if (!candidates.has(format)) candidates.set(format, { format, by });
  };
  for (const format of matched) if (isVerifiable(format)) add(format, 'magic');
  for (const format of promise.formats) if (isVerifiable(format)) add(format, 'name');
  for (const format of catalogue.formats) if (format.recognise?.(head, size)) add(format, 'content');
  const { formats, extension, appended } = promise;
  return {
    candidates: [...candidates.values()],
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

function isVerifiable(format: KnownFormat): format is Format {
  return 'verify' in format;
}
