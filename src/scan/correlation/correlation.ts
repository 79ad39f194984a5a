import type { Verdict } from '../../ledger/terms.ts';
import type { LayoutName } from '../../report/layout-name.ts';
import type { FileLine, IncidentLine } from '../../report/line.ts';
import { toNdjson } from '../../report/ndjson.ts';
import type { Fingerprint } from '../../verdict/incident/fingerprint.ts';
import { learnMarks } from '../../verdict/incident/learn.ts';
import { describeMark, type IncidentMark } from '../../verdict/incident/mark.ts';
import { raise } from '../../verdict/incident/rules.ts';
import type { Scheme } from '../../verdict/scheme.ts';
import { layoutOf } from '../layout-counts.ts';
import type { Held, HeldFile } from '../task.ts';
import { FolderSet } from './folder-set.ts';
import { Sample } from './sample.ts';
import { Spool } from './spool.ts';
import { isSound, MOST_HIT, MOST_SOUND } from './witness.ts';

/** A file whose verdict was raised. */
export interface Raised {
  readonly folder: string;
  readonly from: Verdict;
  readonly to: Verdict;
  /** In which it is encrypted; null where it isn't, or none is known. */
  readonly layout: LayoutName | null;
}

/** A part of what waited: lines of the report, and what became of their verdicts. */
export interface Settled {
  readonly text: string;
  readonly raised: readonly Raised[];
}

/** Lines that are given at once. */
const BATCH = 256;
/** The rule that finds ransom notes. */
const NOTE = 'S310';

/**
 * On the main thread: compares files over the whole scan. Lines whose verdict may yet be raised wait here; everything
 * else has long gone out. What comes out doesn't depend on the order in which files were examined.
 */
export class Correlation {
  readonly #spool: Spool;
  readonly #hit = new Sample<Fingerprint>(MOST_HIT);
  readonly #sound = new Sample<Fingerprint>(MOST_SOUND);
  /** Folders in which ransom notes lie. */
  readonly #notes = new FolderSet();
  /** Files for whose lines there was no room. */
  #unweighed = 0;
  #incident: IncidentLine | null = null;

  /** @param roots what is examined */
  constructor(roots: readonly (string | Buffer)[]) {
    this.#spool = new Spool(roots);
  }

  /** What the scan's files have in common; null before the end, and where that is nothing. */
  get incident(): IncidentLine | null {
    return this.#incident;
  }

  /** Takes what a worker saw. Gives the lines that can't wait, as there is no more room. */
  add({ samples, files }: Held): string {
    for (const fingerprint of samples) this.#compare(fingerprint);
    let text = '';
    for (const file of files) {
      this.#compare(file.fingerprint);
      if (file.fingerprint.codes.includes(NOTE)) this.#notes.add(file.folder);
      if (this.#spool.add(pack(file))) continue;
      this.#unweighed++;
      text += file.line;
    }
    return text;
  }

  /** Learns the marks and gives all that waited, raised where they say so; the line on the incident itself comes last. */
  *settle(): Generator<Settled> {
    const marks = learnMarks(this.#hit.items(), this.#sound.items());
    const counts: Partial<Record<Verdict, number>> = {};
    let batch: string[] = [];
    for (const packed of this.#spool.texts()) {
      batch.push(packed);
      if (batch.length < BATCH) continue;
      yield this.#settleBatch(batch, marks, counts);
      batch = [];
    }
    yield this.#settleBatch(batch, marks, counts);
    this.#spool.close();
    const isNothing = marks.length + this.#unweighed === 0 && Object.keys(counts).length === 0;
    if (isNothing) return;
    this.#incident = incidentLine(marks, counts, this.#unweighed);
    yield { text: toNdjson(this.#incident), raised: [] };
  }

  close(): void {
    this.#spool.close();
  }

  #compare(fingerprint: Fingerprint): void {
    (isSound(fingerprint) ? this.#sound : this.#hit).add(fingerprint);
  }

  #settleBatch(
    batch: readonly string[],
    marks: readonly IncidentMark[],
    counts: Partial<Record<Verdict, number>>,
  ): Settled {
    const raised: Raised[] = [];
    let text = '';
    for (const { line, folder, fingerprint, scheme } of batch.map(unpack)) {
      const more = raise(fingerprint, { marks, noteBeside: this.#notes.has(folder) });
      if (more === null) {
        text += line;
        continue;
      }
      const now = raisedLine(JSON.parse(line) as FileLine, more, scheme);
      text += toNdjson(now);
      raised.push({ folder, from: fingerprint.verdict, to: more.verdict, layout: layoutOf(now) });
      counts[more.verdict] = (counts[more.verdict] ?? 0) + 1;
    }
    return { text, raised };
  }
}

/** The rule of the scan comes first, as it decided; what the file itself shows follows. */
function raisedLine(
  line: FileLine,
  { verdict, reason }: NonNullable<ReturnType<typeof raise>>,
  scheme: Scheme | null,
): FileLine {
  const reasons = [reason, ...line.reasons];
  if (verdict !== 'encrypted') return { ...line, verdict, restore: 'review', reasons };
  const ranges = line.ranges.map((range) =>
    range.state === 'random' ? { ...range, state: 'encrypted' as const, by: 'random run, incident' } : range,
  );
  return { ...line, verdict, restore: 'no', reasons, ranges, scheme: line.scheme ?? scheme };
}

function incidentLine(
  marks: readonly IncidentMark[],
  raised: Partial<Record<Verdict, number>>,
  unweighed: number,
): IncidentLine {
  return {
    type: 'incident',
    marks: marks.map((mark) => ({
      kind: mark.kind,
      text: describeMark(mark),
      ...('bytes' in mark ? { bytes: mark.bytes } : {}),
      ...('extension' in mark ? { extension: mark.extension } : {}),
      files: mark.files,
      compared: mark.compared,
      kinds: mark.kinds,
      chance: mark.chance,
    })),
    raised: { encrypted: raised.encrypted ?? 0, suspect: raised.suspect ?? 0 },
    ...(unweighed > 0 ? { unweighed } : {}),
  };
}

/** Both ends in base64: as JSON strings their control characters would take six times the room. */
function pack(file: HeldFile): string {
  const { head, tail } = file.fingerprint;
  const ends = { head: toBase64(head), tail: toBase64(tail) };
  return JSON.stringify({ ...file, fingerprint: { ...file.fingerprint, ...ends } });
}

function unpack(packed: string): HeldFile {
  const file = JSON.parse(packed) as HeldFile;
  const { head, tail } = file.fingerprint;
  const ends = { head: fromBase64(head), tail: fromBase64(tail) };
  return { ...file, fingerprint: { ...file.fingerprint, ...ends } };
}

function toBase64(text: string): string {
  return Buffer.from(text, 'latin1').toString('base64');
}

function fromBase64(text: string): string {
  return Buffer.from(text, 'base64').toString('latin1');
}
