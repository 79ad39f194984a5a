import { Reader } from '../../bytes/reader.ts';
import type { Decoder } from '../../checks/decoder.ts';
import { History } from '../../checks/rar/history.ts';
import { NotUnpacked } from '../../checks/rar/not-unpacked.ts';
import { Rar3Unpacker } from '../../checks/rar/rar3.ts';
import { Rar5Unpacker } from '../../checks/rar/rar5.ts';
import { RestartedSource } from '../../checks/restarted-source.ts';

/** More is kept in memory for no archive. Bytes. */
const MOST_DICTIONARY = 1 << 27;

/** How a file is packed. */
export interface RarMethod {
  /** Null for versions that nothing here unpacks. */
  readonly version: 3 | 5 | null;
  /** Bytes that a match may reach back. */
  readonly dictionary: number;
  /** Goes on with the history of the file before. */
  readonly isSolid: boolean;
}

interface PackedFile {
  readonly start: number;
  readonly end: number;
  readonly size: number;
  readonly method: RarMethod;
}

type Unpacker = Rar3Unpacker | Rar5Unpacker;

/** Unpacks the files of an archive in their order: those of a solid one share their history. */
export class RarFiles {
  /** The file at hand and those before it whose history it shares; null where one of them is missing. */
  #chain: PackedFile[] | null = null;
  #state: { readonly history: History; readonly unpacker: Unpacker } | null = null;

  /** To be decoded once before the next file. @throws NotUnpacked */
  decoderOf(file: PackedFile): Decoder {
    const chain = this.#follow(file);
    this.#chain = null;
    return {
      decode: (reader, start, end, sink) => {
        const state = this.#stateFor(file, reader);
        const produced = state.history.position;
        state.history.begin(sink);
        const consumed = state.unpacker.unpack(reader, start, end, file.size);
        // Only now may another file go on from here.
        this.#chain = chain;
        return { consumed, produced: state.history.position - produced };
      },
      reopen: (reader, _start, _end, size) =>
        new RestartedSource(size, (sink) =>
          unpackAgain(new Reader(reader.source, reader.meter), chain, sink),
        ),
    };
  }

  /** A file that is not unpacked ends the history. */
  forget(): void {
    this.#chain = null;
  }

  #follow(file: PackedFile): PackedFile[] {
    const { version, dictionary, isSolid } = file.method;
    if (version === null) throw new NotUnpacked('an old version');
    if (dictionary > MOST_DICTIONARY) throw new NotUnpacked(`a dictionary of ${dictionary >> 20} MiB`);
    if (!isSolid) return [file];
    if (this.#chain === null) throw new NotUnpacked('a file before it, which is missing');
    return [...this.#chain, file];
  }

  #stateFor(file: PackedFile, reader: Reader) {
    if (!file.method.isSolid || this.#state === null) this.#state = stateFor(file, reader);
    return this.#state;
  }
}

function stateFor({ method }: PackedFile, { meter }: Reader) {
  const history = new History(method.dictionary, meter);
  return { history, unpacker: method.version === 3 ? new Rar3Unpacker(history) : new Rar5Unpacker(history) };
}

/** Stops the decoders when enough came out. */
class Enough extends Error {}

function unpackAgain(
  reader: Reader,
  chain: readonly PackedFile[],
  sink: (output: Uint8Array) => boolean,
): void {
  const { history, unpacker } = stateFor(chain[0]!, reader);
  const last = chain.at(-1);
  try {
    for (const file of chain) {
      history.begin((output) => {
        if (file === last && !sink(output)) throw new Enough();
      });
      unpacker.unpack(reader, file.start, file.end, file.size);
    }
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
  }
}
