import type { KnownFormat } from '../format.ts';
import type { Archive } from './archive.ts';

/** What a writer of archives has its own rules for. */
export interface Kind {
  /** What the archive is, going by the entries it lists; null where it's none of this kind. */
  recognise(archive: Archive): KnownFormat | null;
  /** Entries that hold ciphertext of the owner's, by name, with the scheme. */
  sealed?(archive: Archive): ReadonlyMap<string, string>;
  /** Compares the entries with the rules of the kind; deviations are told as oddities, as honest writers make them. */
  verify?(archive: Archive, tell: Tell): void;
}

/** Notes a deviation. */
export type Tell = (what: string) => void;

/** A format that is known by what an archive holds, not by magic bytes of its own. */
export function kindOf(
  id: string,
  title: string,
  spec: string,
  extensions: readonly string[] = [id],
): KnownFormat {
  return { id, title, extensions, signatures: [], spec };
}
