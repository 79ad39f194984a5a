import { Broken, OverBudget } from '../../bytes/errors.ts';
import { joinBcj2 } from '../../checks/bcj2.ts';
import { type BranchFilter, unfilterBranches, unfilterDelta } from '../../checks/branch-filters.ts';
import { decodeBzip2 } from '../../checks/bzip2.ts';
import { type DeflateKind, Inflater } from '../../checks/inflater.ts';
import { decodeLzma, decodeLzma2, lzma2Dictionary } from '../../checks/lzma.ts';
import type { Packed, Pieces } from '../../checks/pieces.ts';
import { decodeZstdFrame } from '../../checks/zstd.ts';
import type { Coder } from './streams.ts';

/** An input of a coder, as packed bytes or as a stream of them. */
export interface Input {
  packed(): Packed;
  pieces(): Pieces;
}

/** Undoes a coder; `size` is how many bytes come out. */
type Undo = (coder: Coder, inputs: readonly Input[], size: number) => Pieces;

export const AES = '06f10701';

/** 7-Zip, DOC/Methods.txt. */
const coders: Readonly<Record<string, Undo>> = {
  '00': (_, [input]) => input!.pieces(),
  '21': undoLzma2,
  '030101': undoLzma,
  '040108': (_, [input]) => inflatePieces(input!.packed(), 'deflate'),
  '040109': (_, [input]) => inflatePieces(input!.packed(), 'deflate64'),
  '040202': (_, [input]) => decodeBzip2(input!.packed()),
  '04f71101': (_, [input]) => decodeZstdFrame(input!.packed()),
  '03': ({ properties }, [input]) => unfilterDelta(input!.pieces(), (properties[0] ?? 0) + 1),
  '04': branches('x86'),
  '05': branches('powerPc'),
  '06': branches('itanium'),
  '07': branches('arm'),
  '08': branches('armThumb'),
  '09': branches('sparc'),
  '0a': branches('arm64'),
  '03030103': branches('x86'),
  '03030205': branches('powerPc'),
  '03030401': branches('itanium'),
  '03030501': branches('arm'),
  '03030701': branches('armThumb'),
  '03030805': branches('sparc'),
  '0303011b': undoBcj2,
};

const names: Readonly<Record<string, string>> = {
  '030401': 'PPMd',
  '0b': 'RISC-V branches',
  '04f71102': 'Brotli',
};

/** @throws OverBudget where nobody here can undo it */
export function undo(coder: Coder, inputs: readonly Input[], size: number): Pieces {
  const known = coders[coder.id];
  if (known === undefined) throw new OverBudget(`7z coder ${names[coder.id] ?? coder.id} is not known`, 0);
  return known(coder, inputs, size);
}

function branches(filter: BranchFilter): Undo {
  return ({ properties }, [input]) => {
    const position = properties.length === 4 ? Buffer.from(properties).readUInt32LE(0) : 0;
    return unfilterBranches(filter, input!.pieces(), position);
  };
}

function undoLzma({ properties }: Coder, [input]: readonly Input[], size: number): Pieces {
  const packed = input!.packed();
  if (properties.length < 5) throw new Broken(packed.start, 'LZMA properties', '5 bytes', properties.length);
  const dictionary = Buffer.from(properties).readUInt32LE(1);
  return decodeLzma(packed, { properties: properties[0]!, dictionary, size });
}

function undoLzma2({ properties }: Coder, [input]: readonly Input[], size: number): Pieces {
  const packed = input!.packed();
  const dictionary = lzma2Dictionary(properties[0] ?? 255);
  if (dictionary === null) throw new Broken(packed.start, 'LZMA2 properties', 'a size of its dictionary');
  return decodeLzma2(packed, dictionary, size);
}

function undoBcj2(_: Coder, inputs: readonly Input[]): Pieces {
  const [main, calls, jumps, choices] = inputs;
  if (choices === undefined) throw new OverBudget('inputs of BCJ2', 4);
  return joinBcj2({
    main: main!.pieces(),
    calls: calls!.pieces(),
    jumps: jumps!.pieces(),
    choices: choices.pieces(),
  });
}

function* inflatePieces({ reader, start, end }: Packed, kind: DeflateKind): Pieces {
  const inflater = new Inflater(reader, start, end, kind);
  try {
    for (let piece = inflater.next(); piece !== null; piece = inflater.next()) yield piece;
    return { consumed: inflater.consumed, produced: inflater.produced };
  } finally {
    inflater.close();
  }
}
