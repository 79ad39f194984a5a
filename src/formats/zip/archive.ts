import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import { type CentralHeader, ENCRYPTED, readLocalHeader } from './layout.ts';
import { methods } from './methods.ts';
import { nameAt } from './names.ts';

/** Larger parts are not read to learn about the archive, in bytes. */
const MOST_READ = 8 << 20;

/** An archive whose entries were verified, for those who know what they should be. */
export class Archive {
  readonly reader: Reader;
  readonly #entries: ReadonlyMap<string, CentralHeader>;
  readonly #shift: number;
  #lowerNames: Set<string> | null = null;
  /** Name of the entry that stands first in the file; empty where there is none. */
  readonly first: string;

  /**
   * @param directory stands at the directory
   * @param headers in order of their place in the file
   */
  constructor(reader: Reader, directory: Reader, headers: readonly CentralHeader[], shift: number) {
    this.reader = reader;
    this.#shift = shift;
    this.#entries = new Map(headers.map((header) => [nameAt(directory, header.name), header]));
    this.first = headers[0] === undefined ? '' : nameAt(directory, headers[0].name);
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** Whether there is a part of that name, which packages compare without regard to case (ECMA-376 part 2 §6.2.2.3). */
  hasPart(name: string): boolean {
    this.#lowerNames ??= new Set(
      [...this.#entries.keys()].map((one) => one.replaceAll('\\', '/').toLowerCase()),
    );
    return this.#lowerNames.has(name.toLowerCase());
  }

  /** Bytes of all entries together, as the directory tells. */
  get unpackedSize(): number {
    let sum = 0;
    for (const { size } of this.#entries.values()) sum += size;
    return sum;
  }

  get names(): Iterable<string> {
    return this.#entries.keys();
  }

  header(name: string): CentralHeader | undefined {
    return this.#entries.get(name);
  }

  /** Where in the file the entry's local header is. */
  offsetOf(header: CentralHeader): number {
    return header.localAt + this.#shift;
  }

  /** The entry's content; null where it's missing, encrypted, damaged, or larger than 8 MiB. */
  bytes(name: string): Uint8Array | null {
    const parts: Uint8Array[] = [];
    const header = this.#entries.get(name);
    if (header === undefined || header.size > MOST_READ) return null;
    return this.stream(name, (part) => parts.push(part.slice())) ? Buffer.concat(parts) : null;
  }

  text(name: string): string | null {
    const bytes = this.bytes(name);
    return bytes === null ? null : decodeText(bytes);
  }

  /** Shows the content piece by piece; false where there is none or it's damaged. */
  stream(name: string, sink: (part: Uint8Array) => void): boolean {
    const header = this.#entries.get(name);
    if (header === undefined || (header.flags & ENCRYPTED) !== 0) return false;
    const decoder = methods[header.method]?.decoder;
    if (decoder === undefined) return false;
    try {
      const { end } = readLocalHeader(this.reader, this.offsetOf(header));
      decoder.decode(this.reader, end, end + header.packedSize, (part) => sink(part), header.size);
      return true;
    } catch (error) {
      if (error instanceof Broken) return false;
      throw error;
    }
  }
}

/** XML of packages is UTF-8 or UTF-16 with a byte order mark. */
function decodeText(bytes: Uint8Array): string {
  const isLittle = bytes[0] === 0xff && bytes[1] === 0xfe;
  const isBig = bytes[0] === 0xfe && bytes[1] === 0xff;
  const encoding = isLittle ? 'utf-16le' : isBig ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding).decode(bytes);
}
