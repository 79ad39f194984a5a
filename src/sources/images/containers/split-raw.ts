import { lastAtMost } from '../../../bytes/search.ts';
import { nameOf } from '../../folders/path.ts';
import type { Container, ContainerFormat, ImageFile, Notice, Siblings } from '../container.ts';
import { type Layer, type LayerPiece, MappedContainer } from '../mapped-container.ts';
import { checkDiskSize } from '../size-limit.ts';
import { probeSectorSize } from './raw.ts';

/** `disk.001`, `disk.dd.000`, `disk.aa`: the part's number in digits, or in letters as split(1) counts. */
const NUMBERED = /^(.*\.)(\d{3,})$/;
const LETTERED = /^(.*[.x])([a-z]{2,4})$/;
const MOST_PARTS = 10_000;

export const splitRaw: ContainerFormat = {
  id: 'split-raw',
  title: 'Raw disk image in parts',
  spec: 'none: sectors in order',
  recognise: (_source, name) => /\.0*[01]$/.test(name) || /\.a{2,4}$/.test(name),
  open: openSplit,
};

function openSplit(image: ImageFile, siblings: Siblings): Container {
  const name = nameOf(image.path);
  const [, base = '', first = ''] = NUMBERED.exec(name) ?? LETTERED.exec(name) ?? [];
  const files = collectParts(image, siblings, base, first);
  const notices: Notice[] = [];
  const layer = new SplitLayer(placeParts(files, notices));
  const present = files.filter((file) => file !== null);
  return new MappedContainer({
    id: splitRaw.id,
    title: splitRaw.title,
    files: present,
    layer,
    parent: null,
    sectorSize: probeSectorSize(image.source),
    facts: new Map([['parts', String(present.length)]]),
    notices,
    protection: null,
  });
}

/** The parts from the opened one on, by their numbers; null where one is missing between others. */
function collectParts(
  image: ImageFile,
  siblings: Siblings,
  base: string,
  first: string,
): (ImageFile | null)[] {
  const parts = new Map<number, ImageFile>([[0, image]]);
  for (const name of siblings.list(base)) {
    const number = numberOf(name.slice(base.length), first) - numberOf(first, first);
    if (!(number > 0 && number < MOST_PARTS) || parts.has(number)) continue;
    const sibling = siblings.open(name);
    if (sibling !== null) parts.set(number, sibling);
  }
  const count = Math.max(...parts.keys()) + 1;
  return Array.from({ length: count }, (_, i) => parts.get(i) ?? null);
}

/** NaN for a suffix that isn't of the same kind as the first one. */
function numberOf(suffix: string, first: string): number {
  if (/^\d+$/.test(first)) return /^\d{3,}$/.test(suffix) ? Number(suffix) : Number.NaN;
  if (suffix.length !== first.length || !/^[a-z]+$/.test(suffix)) return Number.NaN;
  return [...suffix].reduce((number, letter) => number * 26 + letter.charCodeAt(0) - 97, 0);
}

interface Part {
  readonly size: number;
  /** Index among the files that are there; null where the part is missing. */
  readonly file: number | null;
  readonly stored: number;
}

/** All parts but the last have one size: a missing or short one leaves a hole, and shifts nothing. */
function placeParts(files: readonly (ImageFile | null)[], notices: Notice[]): Part[] {
  const size = files[0]!.source.size;
  let file = 0;
  return files.map((part, i) => {
    const isLast = i === files.length - 1;
    const stored = part?.source.size ?? 0;
    if (part === null) notices.push({ level: 'wrong', text: `part ${i + 1} of ${files.length} is missing` });
    else if (!isLast && stored !== size) {
      notices.push({ level: 'wrong', text: `part ${i + 1} has ${stored} bytes, others have ${size}` });
    }
    return {
      size: isLast ? stored : size,
      file: part === null ? null : file++,
      stored: isLast ? stored : Math.min(stored, size),
    };
  });
}

class SplitLayer implements Layer {
  readonly size: number;
  readonly unit = 512;
  readonly #parts: readonly Part[];
  readonly #starts: Float64Array;

  constructor(parts: readonly Part[]) {
    this.#parts = parts;
    this.#starts = new Float64Array(parts.length);
    for (let i = 1; i < parts.length; i++) this.#starts[i] = this.#starts[i - 1]! + parts[i - 1]!.size;
    const last = parts.length - 1;
    this.size = checkDiskSize(this.#starts[last]! + parts[last]!.size, 0);
  }

  pieceAt(at: number): LayerPiece {
    const index = lastAtMost(this.#starts, at);
    const { size, file, stored } = this.#parts[index]!;
    const start = this.#starts[index]!;
    if (file === null || at - start >= stored) {
      return { kind: 'unreadable', start, end: start + size, why: `part ${index + 1} is missing or cut off` };
    }
    return { kind: 'data', start, end: start + stored, file, at: 0 };
  }
}
