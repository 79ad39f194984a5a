import { Broken } from '../../bytes/errors.ts';
import type { Frame } from './frame.ts';
import type { Scan } from './scan-header.ts';

const NOTHING = -1;

/** Which bits of which coefficients have come: each once, from the high ones down (T.81 G.1.1.1). */
export class Progress {
  readonly #frame: Frame;
  /** By component and coefficient: the lowest bit that has come. */
  readonly #lowest: Int8Array[];

  constructor(frame: Frame) {
    this.#frame = frame;
    this.#lowest = frame.components.map(() => new Int8Array(64).fill(NOTHING));
  }

  /** @throws Broken when the scan brings what has come, or what can't come yet. */
  begin(scan: Scan, at: number): void {
    const isProgressive = this.#frame.coding === 'progressive';
    for (const { index } of scan.components) {
      const lowest = this.#lowest[index]!;
      const [first, last] = isProgressive ? [scan.first, scan.last] : [0, 0];
      const wanted = isProgressive && scan.high > 0 ? scan.high : NOTHING;
      for (let k = first; k <= last; k++) {
        if (lowest[k] !== wanted) throw new Broken(at, 'order of scans', `bit ${wanted}`, `bit ${lowest[k]}`);
        lowest[k] = scan.low;
      }
    }
  }

  /** @throws Broken when a component has no scan. */
  checkComplete(at: number): void {
    if (this.#frame.coding === 'other') return;
    const missing = this.#lowest.findIndex((lowest) => lowest[0] === NOTHING);
    if (missing >= 0) throw new Broken(at, 'scans', `one of component ${missing}`, 'none');
  }
}
