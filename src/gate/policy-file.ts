import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { type Document, isMap, isPair, isScalar, LineCounter, type Node, parseDocument } from 'yaml';
import schema from './policy.schema.json' with { type: 'json' };
import { type Canary, defaultGatePolicy, type FileRule, type GatePolicy } from './policy.ts';
import { PolicyError } from './policy-error.ts';

/** A policy as it's written: everything but the version may be left out. */
export interface PolicyText {
  readonly version: 1;
  readonly floor?: number;
  readonly verdicts?: FileRule['verdicts'];
  readonly files?: readonly {
    readonly match: string | readonly string[];
    readonly verdicts: FileRule['verdicts'];
  }[];
  readonly families?: 'any' | readonly string[];
  readonly notes?: 'hold' | 'ignore';
  readonly proved?: Partial<GatePolicy['proved']>;
  readonly canaries?: readonly (string | Canary)[];
  readonly limits?: Partial<GatePolicy['limits']>;
}

/** A longer one was written by nobody, in characters. */
const LONGEST = 1 << 20;

const validate = new Ajv2020({ allErrors: true, strictTypes: false }).compile<PolicyText>(schema);

/** Reads a policy in YAML or JSON, which is YAML, too. @throws PolicyError at the first thing that is wrong */
export function parsePolicy(text: string): GatePolicy {
  if (text.length > LONGEST) throw new PolicyError(1, 1, '', `longer than ${LONGEST} characters`);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, stringKeys: true, prettyErrors: false });
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem !== undefined) {
    const { line, col } = lines.linePos(problem.pos[0]);
    throw new PolicyError(line, col, '', firstLine(problem.message));
  }
  const value: unknown = toPlain(document);
  if (validate(value)) return complete(value);
  throw mostTelling(validate.errors ?? [], document, lines);
}

function toPlain(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw new PolicyError(1, 1, '', error instanceof Error ? error.message : String(error));
  }
}

function firstLine(message: string): string {
  return message.split('\n')[0]!.replace(/ at line \d+, column \d+:?$/, '');
}

/** Puts the defaults where the policy says nothing. */
function complete(given: PolicyText): GatePolicy {
  const { verdicts, files, families, notes, proved, canaries, limits, floor } = given;
  const usual = defaultGatePolicy;
  return {
    floor: floor ?? usual.floor,
    verdicts: { ...usual.verdicts, ...verdicts },
    files: (files ?? []).map(({ match, verdicts }) => ({ match: [match].flat(), verdicts })),
    families: families ?? usual.families,
    notes: notes ?? usual.notes,
    proved: { ...usual.proved, ...proved },
    canaries: (canaries ?? []).map(toCanary),
    limits: { ...usual.limits, ...limits },
  };
}

function toCanary(given: string | Canary): Canary {
  if (typeof given === 'string') return { path: given };
  const { path, sha256 } = given;
  return { path, ...(sha256 === undefined ? {} : { sha256: sha256.toLowerCase() }) };
}

/** Where alternatives are allowed, each complains: the one that got furthest into the policy tells most. */
function mostTelling(errors: readonly ErrorObject[], document: Document, lines: LineCounter): PolicyError {
  const own = errors.filter(({ keyword }) => keyword !== 'oneOf');
  const error = own.reduce((a, b) => (rank(b) > rank(a) ? b : a), own[0] ?? errors[0]!);
  const unknown = unknownField(error);
  const steps = [...stepsOf(error.instancePath), ...(unknown === null ? [] : [unknown])];
  const { line, col } = lines.linePos(offsetOf(document, steps, unknown !== null));
  return new PolicyError(line, col, fieldText(steps), sayWhat(error, document, steps));
}

function rank({ instancePath, keyword }: ErrorObject): number {
  return 2 * instancePath.split('/').length + (keyword === 'type' || keyword === 'const' ? 0 : 1);
}

function unknownField({ keyword, params }: ErrorObject): string | null {
  return keyword === 'additionalProperties'
    ? (params as { additionalProperty: string }).additionalProperty
    : null;
}

/** A JSON Pointer (RFC 6901) in steps; items of a list as numbers. */
function stepsOf(pointer: string): (string | number)[] {
  const steps = pointer.split('/').slice(1);
  return steps
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}

function fieldText(steps: readonly (string | number)[]): string {
  return steps
    .map((step, i) => (typeof step === 'number' ? `[${step}]` : i === 0 ? step : `.${step}`))
    .join('');
}

/** Where the value stands in the text, or its key, if it's the key that is wrong. */
function offsetOf(document: Document, steps: readonly (string | number)[], ofKey: boolean): number {
  const holder: unknown = ofKey ? document.getIn(steps.slice(0, -1), true) : null;
  const key = isMap(holder)
    ? holder.items.find((pair) => isPair(pair) && isKey(pair.key, steps.at(-1)))
    : null;
  const node = (key?.key ?? document.getIn(steps, true)) as Node | undefined;
  return node?.range?.[0] ?? document.contents?.range?.[0] ?? 0;
}

function isKey(key: unknown, step: string | number | undefined): boolean {
  return isScalar(key) && String(key.value) === String(step);
}

function sayWhat(error: ErrorObject, document: Document, steps: readonly (string | number)[]): string {
  const params = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case 'additionalProperties':
      return 'there is no such field';
    case 'required':
      return `'${String(params.missingProperty)}' is missing`;
    case 'enum':
      return `must be ${(params.allowedValues as string[]).join(' or ')}, not ${shown(document, steps)}`;
    case 'const':
      return `must be ${String(params.allowedValue)}, not ${shown(document, steps)}`;
    default:
      return `${error.message ?? error.keyword}, not ${shown(document, steps)}`;
  }
}

function shown(document: Document, steps: readonly (string | number)[]): string {
  const value: unknown = steps.length === 0 ? document.toJS() : document.getIn(steps, false);
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
