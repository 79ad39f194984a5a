import type { KnownFormat } from '../format.ts';
import type { Archive } from './archive.ts';
import { epub } from './epub.ts';
import { android, jar } from './jar.ts';
import type { Kind } from './kind.ts';
import { openDocument } from './odf.ts';
import { openPackage } from './opc.ts';
import { plainKinds } from './plain-kinds.ts';
import { wheel } from './wheel.ts';

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
