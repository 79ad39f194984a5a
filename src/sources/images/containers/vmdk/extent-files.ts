import { Broken, ReadError } from '../../../../bytes/errors.ts';
import { Reader } from '../../../../bytes/reader.ts';
import type { ImageFile, Notice, Siblings } from '../../container.ts';
import { Pages } from '../../pages.ts';
import { PackedBlocks } from '../../unpack-block.ts';
import type { ExtentLine } from './descriptor.ts';
import { type Extent, flatExtent, lostExtent, zeroExtent } from './extent.ts';
import { type GrainMap, TableGrainMap } from './grain-map.ts';
import { MarkerGrainMap } from './marker-grain-map.ts';
import { SparseExtent } from './sparse-extent.ts';
import { readSparseHeader, type SparseHeader } from './sparse-header.ts';

const FLAT = new Set(['FLAT', 'VMFS']);
const SPARSE = new Set(['SPARSE', 'VMFSSPARSE']);

/** The files of a disk's extents, each opened once; all are beside the descriptor. */
export class ExtentFiles {
  readonly files: ImageFile[];
  readonly notices: Notice[] = [];
  readonly #siblings: Siblings;
  readonly #packed = new PackedBlocks();
  /** Index in `files`, by name; null for those that are missing. */
  readonly #indices = new Map<string, number | null>();

  constructor(image: ImageFile, siblings: Siblings) {
    this.files = [image];
    this.#siblings = siblings;
  }

  /** An extent that can't be opened becomes unreadable sectors and a notice. */
  openExtent(line: ExtentLine): Extent {
    const { size, type, name, access } = line;
    if (type === 'ZERO') return zeroExtent(size);
    if (access === 'NOACCESS') return this.#lose(line, 'its descriptor forbids access');
    if (!FLAT.has(type) && !SPARSE.has(type)) return this.#lose(line, `extents of type ${type} aren't read`);
    const file = this.#open(name);
    if (file === null) return this.#lose(line, `the file isn't beside the descriptor`);
    if (FLAT.has(type)) return flatExtent(size, file, line.offset);
    return this.#openSparse(line, file);
  }

  /** The sparse extent in the file of that index. @throws Broken */
  sparse(file: number, header: SparseHeader): Extent {
    const { source } = this.files[file]!;
    const pages = new Pages(source, this.files.length);
    return new SparseExtent(file, source, this.#packed, header, this.#mapGrains(pages, header));
  }

  #mapGrains(pages: Pages, header: SparseHeader): GrainMap {
    if (header.directories.length > 0) return new TableGrainMap(pages, header);
    this.notices.push({
      level: 'wrong',
      text: 'the grain directory is lost: grains are found by their markers',
    });
    return new MarkerGrainMap(pages, header);
  }

  #openSparse(line: ExtentLine, file: number): Extent {
    try {
      const header = readSparseHeader(new Reader(this.files[file]!.source));
      return this.sparse(file, { ...header, capacity: Math.min(header.capacity, line.size) });
    } catch (error) {
      if (!(error instanceof Broken || error instanceof ReadError)) throw error;
      return this.#lose(line, error.message);
    }
  }

  #open(name: string): number | null {
    const known = this.#indices.get(name);
    if (known !== undefined) return known;
    const opened = this.#siblings.open(name);
    const index = opened === null ? null : this.files.push(opened) - 1;
    this.#indices.set(name, index);
    return index;
  }

  #lose({ name, size }: ExtentLine, why: string): Extent {
    const text = `extent ${JSON.stringify(name)}: ${why}; ${size} bytes can't be read`;
    this.notices.push({ level: 'wrong', text });
    return lostExtent(size, `extent ${JSON.stringify(name)}: ${why}`);
  }
}
