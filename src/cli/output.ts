import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { OutputError, UsageError } from './exit.ts';

/** Where whole lines of a report go. Waits while the other side is slow; a failure says where and why. */
export class LineOutput {
  readonly #stream: Writable;
  readonly #name: string;
  #failure: Error | null = null;
  /** Lets a writer go on that waits for the other side. */
  #resume: () => void = () => {};

  private constructor(stream: Writable, name: string) {
    this.#stream = stream;
    this.#name = name;
    stream.on('error', (error) => {
      this.#failure = error;
      this.#resume();
    });
    stream.on('drain', () => this.#resume());
    stream.on('close', () => this.#resume());
  }

  /** Makes the file anew. @throws UsageError when it can't be made */
  static async toFile(path: string): Promise<LineOutput> {
    const stream = createWriteStream(path);
    try {
      await once(stream, 'open');
    } catch (error) {
      throw new UsageError(`cannot write the report to ${path}: ${(error as Error).message}`);
    }
    return new LineOutput(stream, path);
  }

  static toStream(stream: Writable, name: string): LineOutput {
    return new LineOutput(stream, name);
  }

  /** Whether the reader closed its end, as `head` does: no failure, but no use in going on. */
  get closed(): boolean {
    return (this.#failure as NodeJS.ErrnoException | null)?.code === 'EPIPE';
  }

  /** @throws OutputError when the lines can't be written, as on a full disk */
  write(text: string): Promise<void> {
    return this.writeBytes(text);
  }

  /** The same for what is no text. @throws OutputError */
  async writeBytes(bytes: Uint8Array | string): Promise<void> {
    this.#check();
    if (this.#stream.write(bytes) || this.#failure !== null) return;
    await new Promise<void>((resume) => {
      this.#resume = resume;
    });
    this.#check();
  }

  /** Waits until all is written. */
  async end(): Promise<void> {
    this.#check();
    if (this.#stream === process.stdout) return;
    await new Promise<void>((done) => this.#stream.end(() => done()));
    this.#check();
  }

  #check(): void {
    if (this.#failure !== null && !this.closed) throw new OutputError(this.#name, this.#failure);
  }
}
