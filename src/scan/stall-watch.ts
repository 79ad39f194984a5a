import type { Pulse } from './task.ts';

interface Watched {
  readonly pulse: Pulse;
  readonly end: () => void;
  beats: number;
  still: number;
}

/** Milliseconds between looks. */
const INTERVAL = 250;

/**
 * Ends work that shows no sign of life. Time is counted in looks, not by the clock, so that a machine that slept, or a
 * process that was stopped for a while, ends nothing.
 */
export class StallWatch {
  readonly #patience: number;
  readonly #watched = new Set<Watched>();
  #timer: NodeJS.Timeout | null = null;

  /** @param patience in milliseconds */
  constructor(patience: number) {
    this.#patience = patience;
  }

  /** Calls `end` once if the pulse stays still for too long. Gives what ends the watching. */
  watch(pulse: Pulse, end: () => void): () => void {
    const watched: Watched = { pulse, end, beats: pulse.beats, still: 0 };
    this.#watched.add(watched);
    this.#timer ??= setInterval(() => this.#look(), Math.min(INTERVAL, this.#patience)).unref();
    return () => {
      this.#watched.delete(watched);
    };
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#watched.clear();
  }

  #look(): void {
    for (const watched of this.#watched) {
      const { beats, begun } = watched.pulse;
      // A task that waits for a worker, or for its formats to load, hasn't begun and can't stall.
      watched.still = beats === watched.beats && begun > 0 ? watched.still + INTERVAL : 0;
      watched.beats = beats;
      if (watched.still < this.#patience) continue;
      this.#watched.delete(watched);
      watched.end();
    }
  }
}
