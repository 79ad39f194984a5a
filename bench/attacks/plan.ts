import { type Attacked, assemble, attack, type Victim } from './attack.ts';
import { type CipherName, ciphers } from './ciphers.ts';
import { familyLayouts } from './layouts.ts';
import { otherAttacks } from './other-attacks.ts';
import type { Origin } from './row.ts';

export interface Variant {
  readonly origin: Origin;
  make(): Attacked | null;
}

const names = Object.keys(ciphers) as CipherName[];
const empty = new Uint8Array();

/**
 * All variants of one file: each layout under one cipher after the other, so that over the files each meets each, and
 * each other attack; nothing twice where a layout spares the file.
 * @param only regular expression for the names of the attacks that are wanted
 */
export function* variantsOf(
  file: Victim & { readonly path: string },
  number: number,
  seed: number,
  only: string,
): Generator<Variant> {
  const wanted = new RegExp(only);
  const first = seed * 1_000_003 + number * 1009;
  yield {
    origin: { file: file.path, attack: 'none', class: 'genuine', cipher: '', seed },
    make: () => assemble(file.name, [empty, file.bytes, empty], []),
  };
  for (const [i, layout] of familyLayouts.entries()) {
    if (!wanted.test(layout.id)) continue;
    const cipher = names[(number + i) % names.length]!;
    yield {
      origin: { file: file.path, attack: layout.id, class: 'cryptographic', cipher, seed: first + i },
      make: () => attack(file, layout, cipher, first + i),
    };
  }
  for (const [i, other] of otherAttacks.entries()) {
    if (!wanted.test(other.id)) continue;
    const own = first + familyLayouts.length + i;
    yield {
      origin: { file: file.path, attack: other.id, class: other.class, cipher: 'own', seed: own },
      make: () => other.make(file, own),
    };
  }
}
