import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

/** Bytes read at a time. */
const PIECE = 1 << 16;

/** Characters that a line may have. */
const LONGEST = 1 << 24;

/** A line is too long to be one of ours. */
export class LongLine extends Error {
  override readonly name = 'LongLine';
}

/** The lines of a text file, one after the other, in bounded memory. @throws LongLine, what `node:fs` throws */
export function* readLines(path: string): Generator<string> {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(PIECE);
    const decoder = new StringDecoder('utf8');
    let rest = '';
    for (let got = readSync(file, buffer); got > 0; got = readSync(file, buffer)) {
      const lines = (rest + decoder.write(buffer.subarray(0, got))).split('\n');
      rest = lines.pop()!;
      if (rest.length > LONGEST) throw new LongLine(`a line has more than ${LONGEST} characters`);
      yield* lines;
    }
    rest += decoder.end();
    if (rest !== '') yield rest;
  } finally {
    closeSync(file);
  }
}

/** The values in a file that we wrote ourselves, one a line. */
export function* readJsonLines<T>(path: string): Generator<T> {
  for (const line of readLines(path)) yield JSON.parse(line) as T;
}

/** Writes values into a new file, one a line, to be read again. */
export class JsonLinesFile {
  readonly path: string;
  readonly #file: number;
  #text = '';

  constructor(path: string) {
    this.path = path;
    this.#file = openSync(path, 'wx', 0o600);
  }

  add(value: object): void {
    this.#text += `${JSON.stringify(value)}\n`;
    if (this.#text.length >= PIECE) this.#flush();
  }

  close(): void {
    this.#flush();
    closeSync(this.#file);
  }

  #flush(): void {
    const bytes = Buffer.from(this.#text);
    for (let done = 0; done < bytes.length; ) done += writeSync(this.#file, bytes, done);
    this.#text = '';
  }
}
