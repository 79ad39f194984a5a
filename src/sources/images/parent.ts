import { Broken, OverBudget, ReadError } from '../../bytes/errors.ts';
import type { Container, Notice, Siblings } from './container.ts';
import { isPlainName, lastSegment } from './siblings.ts';

export interface FoundParent {
  readonly container: Container | null;
  readonly notices: readonly Notice[];
}

/**
 * The parent that an image names, looked for beside the image only. Images name parents by paths of the machine that
 * made them; then the file of that name beside the child is taken.
 * @param names as the image gives them, the best first
 */
export function findParent(siblings: Siblings, names: readonly string[], format?: string): FoundParent {
  const notices: Notice[] = [];
  for (const name of new Set(names.map((path) => (isPlainName(path) ? path : lastSegment(path))))) {
    const container = tryParent(siblings, name, format, notices);
    if (container !== null) return { container, notices };
  }
  const list = names.map((name) => JSON.stringify(name)).join(', ');
  const text = `the parent image ${list} isn't beside this one: what only the parent holds can't be read`;
  return { container: null, notices: [...notices, { level: 'wrong', text }] };
}

function tryParent(
  siblings: Siblings,
  name: string,
  format: string | undefined,
  notices: Notice[],
): Container | null {
  try {
    return siblings.openParent(name, format);
  } catch (error) {
    if (!(error instanceof Broken || error instanceof ReadError || error instanceof OverBudget)) throw error;
    notices.push({ level: 'wrong', text: `parent image ${JSON.stringify(name)}: ${error.message}` });
    return null;
  }
}
