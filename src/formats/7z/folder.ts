import { Broken } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import { Reader } from '../../bytes/reader.ts';
import { ContinuedSource } from '../../checks/continued-source.ts';
import type { Packed, Pieces } from '../../checks/pieces.ts';
import { type Input, undo } from './coders.ts';
import { type Coder, type Folder, mainOutput } from './streams.ts';

/** Unpacks a folder; `packed` are the ranges of its packed streams, in order. @throws Broken, Truncated, OverBudget */
export function unpackFolder(reader: Reader, folder: Folder, packed: readonly Range[]): Pieces {
  return new Wiring(reader, folder, packed).output(mainOutput(folder));
}

/** Follows the bonds from the output back to the packed streams. */
class Wiring {
  readonly #reader: Reader;
  readonly #folder: Folder;
  readonly #packed: readonly Range[];
  constructor(reader: Reader, folder: Folder, packed: readonly Range[]) {
    this.#reader = reader;
    this.#folder = folder;
    this.#packed = packed;
    this.#expectTree();
  }

  output(index: number): Pieces {
    const { coder, firstInput } = this.#coderOf(index);
    const inputs = Array.from({ length: coder.inputs }, (_, i) => this.#input(firstInput + i));
    return undo(coder, inputs, this.#folder.sizes[index]!);
  }

  #coderOf(index: number): { readonly coder: Coder; readonly firstInput: number } {
    let firstInput = 0;
    let firstOutput = 0;
    for (const coder of this.#folder.coders) {
      if (index < firstOutput + coder.outputs) return { coder, firstInput };
      firstInput += coder.inputs;
      firstOutput += coder.outputs;
    }
    throw new Broken(0, 'bonds of a 7z folder', `an output below ${firstOutput}`, index);
  }

  /** Who follows bonds in a circle never comes to an end: each coder stands on one path only. */
  #expectTree(): void {
    const seen = new Set<Coder>();
    const open = [mainOutput(this.#folder)];
    for (let index = open.pop(); index !== undefined; index = open.pop()) {
      const { coder, firstInput } = this.#coderOf(index);
      if (seen.has(coder)) throw new Broken(0, 'bonds of a 7z folder', 'no circle');
      seen.add(coder);
      for (const bond of this.#folder.bonds) {
        if (bond.in >= firstInput && bond.in < firstInput + coder.inputs) open.push(bond.out);
      }
    }
  }

  #input(index: number): Input {
    const bond = this.#folder.bonds.find((one) => one.in === index);
    if (bond !== undefined) return this.#bound(bond.out);
    const range = this.#packed[this.#folder.packed.indexOf(index)];
    if (range === undefined) throw new Broken(0, 'packed streams of a 7z folder', 'one for each input');
    const { meter, source } = this.#reader;
    return {
      // Streams are read in turns: each has a window of its own.
      packed: () => ({ reader: new Reader(source, meter), ...range }),
      pieces: () => copyPieces({ reader: new Reader(source, meter), ...range }),
    };
  }

  #bound(output: number): Input {
    const size = this.#folder.sizes[output] ?? 0;
    return {
      pieces: () => this.output(output),
      packed: () => {
        const source = new ContinuedSource(size, () => this.output(output));
        return { reader: new Reader(source, this.#reader.meter), start: 0, end: size };
      },
    };
  }
}

function* copyPieces({ reader, start, end }: Packed): Pieces {
  yield* reader.stream(start, end, '7z packed stream');
  return { consumed: end - start, produced: end - start };
}
