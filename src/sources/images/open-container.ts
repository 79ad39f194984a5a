import { Broken, OverBudget } from '../../bytes/errors.ts';
import { nameOf, type Path } from '../folders/path.ts';
import type { Container, ContainerFormat, ContainerOptions, Siblings } from './container.ts';
import { containerFormats } from './containers/table.ts';
import { type PooledFile, PooledFiles } from './pooled-files.ts';
import { Folder } from './siblings.ts';

/** Images that an image may be based on, one on the other. */
const MOST_PARENTS = 32;

/**
 * Opens a disk image, whatever holds it. Files beside it are opened where it names them: segments, extents, parents;
 * none elsewhere. All are opened read-only.
 * @throws ReadError when the file can't be read; Broken, Truncated, OverBudget when the image can't be opened at all
 */
export function openContainer(path: Path, options: ContainerOptions = {}): Container {
  const pool = new PooledFiles();
  const source = pool.open(path);
  const chain: Chain = { pool, folder: new Folder(path, pool), identities: [source.identity] };
  return openFile({ path, source }, chain, null, options);
}

/** Images of one chain of parents, the child first. */
interface Chain {
  readonly pool: PooledFiles;
  readonly folder: Folder;
  readonly identities: readonly string[];
}

function openFile(
  image: { readonly path: Path; readonly source: PooledFile },
  chain: Chain,
  id: string | null,
  options: ContainerOptions = {},
): Container {
  try {
    return choose(image, id).open(image, siblingsOf(chain), options);
  } catch (error) {
    chain.pool.closeFrom(image.source.index);
    throw error;
  }
}

function choose({ path, source }: { path: Path; source: PooledFile }, id: string | null): ContainerFormat {
  const named = containerFormats.find((format) => format.id === id);
  if (named !== undefined) return named;
  const name = nameOf(path);
  return containerFormats.find((format) => format.recognise(source, name))!;
}

function siblingsOf(chain: Chain): Siblings {
  return {
    open: (name) => chain.folder.open(name),
    list: (prefix) => chain.folder.list(prefix),
    openParent: (name, format) => openParent(chain, name, format ?? null),
  };
}

function openParent(chain: Chain, name: string, format: string | null): Container | null {
  const image = chain.folder.open(name);
  if (image === null) return null;
  const { identity } = image.source;
  if (chain.identities.includes(identity) || chain.identities.length > MOST_PARENTS) {
    image.source.close();
    if (chain.identities.length > MOST_PARENTS) throw new OverBudget('parents of an image', MOST_PARENTS);
    throw new Broken(0, 'parent of an image', 'another file', name);
  }
  return openFile(image, { ...chain, identities: [...chain.identities, identity] }, format);
}
