import { type Budget, defaultBudget, Meter } from '../bytes/meter.ts';
import { BufferSource, type ByteSource } from '../bytes/source.ts';
import type { Format } from '../formats/format.ts';
import { builtinMarks, type Marks } from '../signs/marks/marks.ts';
import { judge } from '../verdict/judge.ts';
import type { KnownGood } from '../verdict/known-good.ts';
import { defaultPolicy, type Policy } from '../verdict/policy.ts';
import { catalogueOf } from './catalogue.ts';
import type { Examination } from './examination.ts';
import { Examiner, type MemberWatch } from './examiner.ts';

export interface ExamineOptions {
  /** The file's name; its extension tells what the bytes should be. */
  readonly name?: string;
  readonly policy?: Policy;
  /** The formats that can be verified; the built-in ones by default. */
  readonly formats?: readonly Format[];
  /** Marks of families of ransomware; the built-in ones by default. */
  readonly marks?: Marks;
  /** What the file may cost, members included. */
  readonly budget?: Partial<Budget>;
  /** Opens another file of the same folder, read-only; null if there is none. */
  readonly sibling?: (name: string) => ByteSource | null;
  /** What a known-good state says of the file. */
  readonly knownGood?: KnownGood;
  /** Is told of every file inside as soon as it was examined, its own insides first. */
  readonly watch?: MemberWatch;
}

/**
 * Examines one file's bytes: identifies it, accounts for every byte, looks for signs of encryption, and judges.
 * Synchronous. A hostile file can't make it throw; only storage can.
 * @throws ReadError when the storage fails
 */
export function examine(source: ByteSource | Uint8Array, options: ExamineOptions = {}): Examination {
  const bytes = source instanceof Uint8Array ? new BufferSource(source) : source;
  const examiner = new Examiner({
    catalogue: catalogueOf(options.formats),
    policy: options.policy ?? defaultPolicy,
    meter: new Meter({ ...defaultBudget, ...options.budget }),
    sibling: options.sibling ?? (() => null),
    marks: options.marks ?? builtinMarks(),
    ...(options.watch === undefined ? {} : { watch: options.watch }),
  });
  const examination = examiner.examine(bytes, options.name ?? '');
  return options.knownGood === undefined
    ? examination
    : compare(examination, options.knownGood, options.policy);
}

/** A known-good state knows files, not what is inside them. */
function compare({ evidence }: Examination, knownGood: KnownGood, policy = defaultPolicy): Examination {
  const compared = { ...evidence, knownGood };
  return { evidence: compared, judgement: judge(compared, policy) };
}
