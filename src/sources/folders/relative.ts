import type { ReportedPath, ScanLine } from '../../report/line.ts';
import { fromBytes, fromText, nameOf, type Path } from './path.ts';
import { shortRoot } from './roots.ts';

/** The path that a report's line is on, with every byte. */
export function pathOf({ text, raw }: ReportedPath): Path {
  return raw === undefined ? fromText(text) : fromBytes(Buffer.from(raw, 'base64'));
}

/**
 * Gives paths relative to the roots that they were found under: to the longest, where roots overlap. A root that is a
 * file itself gives its name. Where there are no roots, as in an archive, leading `/` and `./` go.
 */
export function relativeTo(roots: readonly Path[]): (path: Path) => Path {
  const longestFirst = roots.toSorted((a, b) => b.length - a.length);
  return (path) => {
    const root = longestFirst.find((one) => path === one || path.startsWith(withSlash(one)));
    if (root === undefined) return path.replace(/^(?:\.?\/+)+/, '') as Path;
    return path === root ? nameOf(path) : (path.slice(withSlash(root).length) as Path);
  };
}

/** The roots of a report, as the paths of its lines begin with them. */
export function rootsOf({ roots }: Pick<ScanLine, 'roots'>): Path[] {
  return roots.map((root) => shortRoot(pathOf(root)));
}

function withSlash(root: Path): string {
  return root.endsWith('/') ? root : `${root}/`;
}
