import type { KnownFormat } from '../format.ts';

/** A format that is known by what an archive holds, not by magic bytes of its own. */
export function kindOf(
  id: string,
  title: string,
  spec: string,
  extensions: readonly string[] = [id],
): KnownFormat {
  return { id, title, extensions, signatures: [], spec };
}
