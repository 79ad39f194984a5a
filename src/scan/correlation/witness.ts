import type { ByteSource } from '../../bytes/source.ts';
import type { Examination } from '../../examine/examination.ts';
import type { State } from '../../ledger/segment.ts';
import type { Path } from '../../sources/folders/path.ts';
import { type Fingerprint, isHit } from '../../verdict/incident/fingerprint.ts';
import { schemeOf } from '../../verdict/incident/layout.ts';
import type { Scheme } from '../../verdict/scheme.ts';
import { digest } from './digest.ts';
import { Sample } from './sample.ts';
import { takeFingerprint } from './take-fingerprint.ts';

/** Files that are compared, at most; and files that are sound, to see what is common among them. */
export const MOST_HIT = 4096;
export const MOST_SOUND = 2048;

/** What one file adds to what is known of the incident. */
export interface Testimony {
  readonly fingerprint: Fingerprint;
  /** Whether the file's line waits for the end of the scan: what the scan as a whole shows may raise its verdict. */
  readonly isOpen: boolean;
  /** The layout of its random bytes, if it comes out that they're ciphertext. */
  readonly scheme: Scheme | null;
}

/** In a worker: takes the fingerprints of files that may matter. Of many files, most don't. */
export class Witness {
  readonly #hit = new Sample<Fingerprint>(MOST_HIT);
  readonly #sound = new Sample<Fingerprint>(MOST_SOUND);

  /** Null where the file tells nothing. @throws ReadError */
  see(path: Path, source: ByteSource, examination: Examination): Testimony | null {
    const order = digest(path);
    const { verdict } = examination.judgement;
    const isOpen = verdict === 'suspect' || (verdict === 'unproved' && mayBeRaised(examination));
    if (!isOpen && !this.#wants(verdict, order)) return null;
    const fingerprint = takeFingerprint(order, source, examination);
    if (isSound(fingerprint)) this.#sound.add(fingerprint);
    else if (!isOpen && isHit(fingerprint)) this.#hit.add(fingerprint);
    else if (!isOpen) return null;
    const scheme = isOpen ? schemeOf(examination.evidence, examination.judgement) : null;
    return { fingerprint, isOpen, scheme };
  }

  #wants(verdict: Examination['judgement']['verdict'], order: number): boolean {
    if (verdict === 'encrypted') return this.#hit.wants(order);
    return (verdict === 'intact' || verdict === 'protected') && this.#sound.wants(order);
  }
}

export function isSound({ verdict }: Pick<Fingerprint, 'verdict'>): boolean {
  return verdict === 'intact' || verdict === 'protected';
}

const strong: readonly State[] = ['checksum', 'decoder', 'grammar', 'structure', 'padding'];

/** A mark can stand only where nothing proves the file's end, or in its name. */
function mayBeRaised({ evidence: { ledger, identity } }: Examination): boolean {
  const last = ledger.segments().at(-1);
  if (last === undefined) return false;
  return !strong.includes(last.state) || identity.appended !== null || identity.promised.length === 0;
}
