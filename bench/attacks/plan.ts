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

/** Which variants of each file are wanted. */
export interface Wanted {
  /** Regular expression for the names of the attacks. */
  readonly only: string;
  /** Most attacks a file: others for the next file, so that over the files each attack is made as often. */
  readonly most: number;
  readonly seed: number;
}

/**
 * The variants of one file: each layout under one cipher after the other, so that over the files each meets each, and
 * each other attack; nothing twice where a layout spares the file.
 * @param number of the file
 */
export function* variantsOf(
  file: Victim & { readonly path: string },
  number: number,
  { only, most, seed }: Wanted,
): Generator<Variant> {
  const pattern = new RegExp(only);
  const first = seed * 1_000_003 + number * 1009;
  yield {
    origin: { file: file.path, attack: 'none', class: 'genuine', cipher: '', seed },
    make: () => assemble(file.name, [empty, file.bytes, empty], []),
  };
  const attacks = [...layoutsOf(file, number, first), ...othersOf(file, first + familyLayouts.length)];
  const turn = (number * most) % attacks.length;
  for (const [i, variant] of attacks.entries()) {
    const isItsTurn = (i - turn + attacks.length) % attacks.length < most;
    if (isItsTurn && pattern.test(variant.origin.attack)) yield variant;
  }
}

function layoutsOf(file: Victim & { readonly path: string }, number: number, seed: number): Variant[] {
  return familyLayouts.map((layout, i) => {
    const cipher = names[(number + i) % names.length]!;
    return {
      origin: { file: file.path, attack: layout.id, class: 'cryptographic', cipher, seed: seed + i },
      make: () => attack(file, layout, cipher, seed + i),
    };
  });
}

function othersOf(file: Victim & { readonly path: string }, seed: number): Variant[] {
  return otherAttacks.map((other, i) => ({
    origin: { file: file.path, attack: other.id, class: other.class, cipher: 'own', seed: seed + i },
    make: () => other.make(file, seed + i),
  }));
}
