import type { KnownFormat } from '../format.ts';
import type { Archive } from './archive.ts';
import { epub } from './epub.ts';
import { android, jar } from './jar.ts';
import { openDocument } from './odf.ts';
import { openPackage } from './opc.ts';
import { plainKinds } from './plain-kinds.ts';
import { wheel } from './wheel.ts';

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

/** The first that recognises an archive is the one. */
const kinds: readonly Kind[] = [epub, openDocument, openPackage, android, jar, wheel, plainKinds];

export interface Recognised {
  readonly kind: Kind;
  readonly format: KnownFormat;
}

export function recogniseKind(archive: Archive): Recognised | null {
  for (const kind of kinds) {
    const format = kind.recognise(archive);
    if (format !== null) return { kind, format };
  }
  return null;
}
