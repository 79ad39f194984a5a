import type { Identity } from '../evidence.ts';

/** Bytes of the magic number by which kinds are told apart. */
const MAGIC = 4;

/** Office files, archives and packages that are all zip inside are one kind, and so are all kinds of text. */
export function kindOf({ promised }: Pick<Identity, 'promised'>): string {
  const [first] = promised;
  if (first === undefined) return '';
  const magic = first.signatures.find(({ at }) => at >= 0);
  if (magic !== undefined) return `${magic.at}:${magic.hex.slice(0, 2 * MAGIC).toLowerCase()}`;
  return 'texture' in first && first.texture === 'plain' ? 'text' : first.id;
}
