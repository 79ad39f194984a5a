import { bytesText } from '../report/text.ts';
import type { Progress } from '../scan/tally.ts';

const EVERY_MS = 200;

/** A line on the terminal that is written over: speed, counts, time left. Silent where there is no terminal. */
export class ProgressLine {
  readonly #stream: NodeJS.WriteStream;
  readonly #started = performance.now();
  #shownAt = 0;
  #shown = false;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  update(progress: Progress): void {
    if (!this.#stream.isTTY) return;
    const now = performance.now();
    if (now - this.#shownAt < EVERY_MS) return;
    this.#shownAt = now;
    this.#shown = true;
    const line = progressText(progress, now - this.#started).slice(0, (this.#stream.columns || 80) - 1);
    this.#stream.write(`\r\u001b[2K${line}`);
  }

  /** Takes the line away, so that other output has the row to itself. */
  clear(): void {
    if (!this.#shown) return;
    this.#shown = false;
    this.#stream.write('\r\u001b[2K');
  }
}

export function progressText(progress: Progress, milliseconds: number): string {
  const { files, bytes, counts } = progress;
  const seconds = Math.max(milliseconds / 1000, 0.001);
  const bad = (['encrypted', 'damaged', 'suspect'] as const)
    .filter((verdict) => counts[verdict] > 0)
    .map((verdict) => `${counts[verdict]} ${verdict}`);
  return [
    `${files.toLocaleString('en-US')} files`,
    `${Math.round(files / seconds).toLocaleString('en-US')} files/s`,
    `${bytesText(bytes / seconds)}/s`,
    timeLeft(progress, seconds),
    ...bad,
  ].join(' · ');
}

/** By bytes, and for tiny files by number, whichever is further from its end. */
function timeLeft({ files, bytes, foundFiles, foundBytes, walked }: Progress, seconds: number): string {
  const byBytes = foundBytes === 0 ? 1 : bytes / foundBytes;
  const byFiles = foundFiles === 0 ? 1 : files / foundFiles;
  const done = Math.min(byBytes, byFiles);
  if (done <= 0) return 'just begun';
  const left = Math.ceil((seconds * (1 - done)) / done);
  return `${walked ? '' : 'at least '}${durationText(left)} left`;
}

function durationText(seconds: number): string {
  if (seconds < 100) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 100 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
