import { OverBudget } from '../bytes/errors.ts';
import type { Meter } from '../bytes/meter.ts';
import type { Range } from '../bytes/range.ts';
import { Reader } from '../bytes/reader.ts';
import type { ByteSource } from '../bytes/source.ts';
import type { Context, ExaminedMember } from '../formats/format.ts';
import type { Statistics } from '../kernel/statistics.ts';
import { Ledger } from '../ledger/ledger.ts';
import type { Marks } from '../signs/marks/marks.ts';
import type { Evidence, Identity } from '../verdict/evidence.ts';
import { judge } from '../verdict/judge.ts';
import type { Policy } from '../verdict/policy.ts';
import type { Catalogue } from './catalogue.ts';
import type { Examination } from './examination.ts';
import { agrees, type Identification, identify } from './identify.ts';
import { ObservedSource } from './observed-source.ts';
import { toOutcome } from './outcome.ts';
import { withScratch } from './scratch.ts';
import { gatherSigns, wholeFileOf } from './signs.ts';
import { UNKNOWN } from './transformations.ts';
import { type Attempt, accounted, isClean, verifyBest } from './verify.ts';

export interface Surroundings {
  readonly catalogue: Catalogue;
  readonly policy: Policy;
  /** One for the file and all that is nested in it. */
  readonly meter: Meter;
  readonly sibling: (name: string) => ByteSource | null;
  /** Marks of families that are looked for. */
  readonly marks: Marks;
  /** Is told of every file inside as soon as it was examined, its own insides first. */
  readonly watch?: MemberWatch;
}

/** A file inside a file, as it was examined. */
export interface WatchedMember {
  readonly name: string;
  /** Can be read until the watch returns. */
  readonly source: ByteSource;
  /** Where it is stored in its container, whose ledger is `container`: that of an attempt that may yet be given up. */
  readonly range: Range;
  readonly container: Ledger;
  readonly examination: Examination;
}

export type MemberWatch = (member: WatchedMember) => void;

/** Examines a file and, through the verifiers of containers, the files inside it. */
export class Examiner {
  readonly #around: Surroundings;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  examine(source: ByteSource, name: string): Examination {
    return withScratch(source.size, ({ window, statistics }) => {
      const reader = new Reader(new ObservedSource(source, statistics), this.#around.meter, window);
      const evidence = this.#gatherWithin(reader, statistics, name);
      return { evidence, judgement: judge(evidence, this.#around.policy) };
    });
  }

  /** Verifiers and signs end by themselves when the budget is used up; even to identify the file may take too much. */
  #gatherWithin(reader: Reader, statistics: Statistics, name: string): Evidence {
    try {
      return this.#gather(reader, statistics, name);
    } catch (error) {
      if (!(error instanceof OverBudget)) throw error;
      return nothingExamined(reader.size, statistics, error.message);
    }
  }

  #gather(reader: Reader, statistics: Statistics, name: string): Evidence {
    const identification = identify(reader, name, this.#around.catalogue);
    const attempt = verifyBest(reader, identification.candidates, (ledger) => this.#contextFor(ledger, name));
    const known = attempt !== null && isKnown(attempt, identification) ? attempt : null;
    const ledger = known?.ledger ?? nothingKnown(reader);
    const signs = gatherSigns(reader, ledger, statistics, identification.identity.promised);
    return {
      size: reader.size,
      identity: identityOf(identification, known),
      texture: (known ?? attempt)?.format.texture ?? 'plain',
      ledger,
      wholeFile: signs.wholeFile,
      runs: signs.runs,
      transformations: signs.transformations,
      zones: signs.zones,
      pattern: signs.pattern,
      emptiness: signs.emptiness,
      keyable: signs.keyable,
      marks: this.#marksOf(reader, name, known),
      stopped: known?.stopped ?? signs.stopped,
    };
  }

  /** Names inside an archive are the archive's own affair. */
  #marksOf(reader: Reader, name: string, known: Attempt | null): Evidence['marks'] {
    if (this.#around.meter.depth > 0) return [];
    const isText = known !== null && textual.has(known.format.id);
    return this.#around.marks.find({
      reader,
      name,
      isText,
      isWrong: known === null || isWrong(known.ledger),
    });
  }

  #contextFor(ledger: Ledger, name: string): Context {
    const { meter, sibling, watch } = this.#around;
    return {
      name,
      sibling,
      examine: (memberName, member, range) => {
        const examined = meter.nested(() => this.examine(member, memberName));
        const outcome = toOutcome(memberName, member.size, range, examined);
        ledger.member(outcome);
        watch?.({ name: memberName, source: member, range, container: ledger, examination: examined });
        return { outcome, ledger: examined.evidence.ledger } satisfies ExaminedMember;
      },
    };
  }
}

/** Formats in which extortionists write. */
const textual = new Set(['text', 'html', 'xml', 'rtf', 'mail']);

function isWrong({ observations }: Ledger): boolean {
  return observations.some(({ kind }) => kind === 'broken' || kind === 'truncated' || kind === 'trailing');
}

function nothingExamined(size: number, statistics: Statistics, stopped: string): Evidence {
  const promise = { promised: [], extension: '', appended: null, asPromised: true };
  return {
    size,
    identity: { format: null, verifier: null, magic: null, ...promise },
    texture: 'plain',
    ledger: new Ledger(size),
    wholeFile: wholeFileOf(statistics),
    runs: [],
    transformations: [],
    pattern: null,
    emptiness: 0,
    marks: [],
    stopped,
  };
}

/** The magic bytes name a format, even where nothing after them could be accounted for. */
function isKnown(attempt: Attempt, { identity }: Identification): boolean {
  if (attempt.format.id === identity.magic?.id) return true;
  const isNamedOnly = identity.magic === null && attempt.format.signatures.some(({ at }) => at >= 0);
  if (!isNamedOnly || isClean(attempt)) return accounted(attempt) > 0 || isLeftOpen(attempt);
  return proved(attempt) >= Math.max(LEAST_PROVED, PROVED_SHARE * attempt.ledger.size);
}

/** The verifier knows the part, and that it can't tell. */
function isLeftOpen({ ledger }: Attempt): boolean {
  return ledger.observations.some(({ kind }) => kind === 'unexamined');
}

/** Without magic bytes, and with contradictions, a few fields that fit are chance. */
const LEAST_PROVED = 64;
const PROVED_SHARE = 0.01;

function proved({ ledger }: Attempt): number {
  const { checksum, decoder, grammar, structure } = ledger.totals();
  return checksum + decoder + grammar + structure;
}

/** Bytes that no format accounts for are raw: contrast may yet tell them from ciphertext. */
function nothingKnown(reader: Reader): Ledger {
  const ledger = new Ledger(reader.size);
  const repeated = reader.size === 0 ? 0 : reader.endOfRun(0, reader.u8(0));
  if (repeated >= LEAST_REPETITION) ledger.account(0, repeated, 'padding', 'one byte, repeated');
  ledger.raw(0, reader.size, UNKNOWN);
  return ledger;
}

/** Shorter repetitions say nothing. */
const LEAST_REPETITION = 64;

function identityOf({ identity }: Identification, known: Attempt | null): Identity {
  if (known === null) return identity;
  return {
    ...identity,
    format: known.identified,
    verifier: known.format,
    asPromised: agrees(identity.promised, known.format),
  };
}
