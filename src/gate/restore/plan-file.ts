import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Path } from '../../sources/folders/path.ts';
import { pathOf } from '../../sources/folders/relative.ts';
import { LongLine, readLines } from '../timeline/json-lines.ts';
import schema from './plan.schema.json' with { type: 'json' };
import { PlanError } from './plan-error.ts';
import type { PlanEnd, PlanHeader, PlanLine, RestoreLine } from './plan-line.ts';

const ajv = new Ajv2020({ strictTypes: false }).addSchema(schema);
const validators: ReadonlyMap<string, ValidateFunction<PlanLine>> = new Map(
  ['plan', 'restore', 'missing', 'left', 'end'].map((type) => [
    type,
    ajv.getSchema<PlanLine>(`${schema.$id}#/$defs/${type}`)!,
  ]),
);

/** Reads a plan line by line; each is checked as it comes. @throws PlanError, what `node:fs` throws */
export function* readPlan(file: string): Generator<PlanLine> {
  const check = new PlanCheck();
  try {
    for (const text of readLines(file)) yield check.next(text);
  } catch (error) {
    if (error instanceof LongLine) throw new PlanError(check.lines + 1, '', error.message);
    throw error;
  }
  check.end();
}

/** Reads a plan to its end, so that nothing is begun that can't be finished. @throws PlanError, what `node:fs` throws */
export function checkPlan(file: string): { readonly header: PlanHeader; readonly end: PlanEnd } {
  let header: PlanHeader | null = null;
  let end: PlanEnd | null = null;
  for (const line of readPlan(file)) {
    if (line.type === 'plan') header = line;
    if (line.type === 'end') end = line;
  }
  return { header: header!, end: end! };
}

/** What a line must be by itself, and after those before it. */
class PlanCheck {
  lines = 0;
  #header: PlanHeader | null = null;
  #ended = false;
  readonly #counts = { restore: 0, bytes: 0, missing: 0, left: 0 };

  next(text: string): PlanLine {
    this.lines++;
    const line = parseLine(text, this.lines);
    if (this.#ended) throw new PlanError(this.lines, '', 'there are lines after the one of type end');
    if ((line.type === 'plan') !== (this.#header === null)) {
      throw new PlanError(this.lines, 'type', 'the first line, and no other, must be of type plan');
    }
    this.#take(line);
    return line;
  }

  /** @throws PlanError where the plan was cut short */
  end(): void {
    if (this.#header === null) throw new PlanError(1, '', 'the plan is empty');
    if (!this.#ended)
      throw new PlanError(this.lines, '', 'the line of type end is missing: the plan is incomplete');
  }

  #take(line: PlanLine): void {
    switch (line.type) {
      case 'plan':
        this.#header = line;
        return;
      case 'restore':
        this.#checkRestore(line);
        this.#counts.restore++;
        this.#counts.bytes += line.size;
        return;
      case 'missing':
      case 'left':
        this.#counts[line.type]++;
        return;
      case 'end':
        this.#checkEnd(line);
    }
  }

  #checkRestore({ snapshot, path, source, verdict }: RestoreLine): void {
    const { snapshots, accept } = this.#header!;
    if (snapshot >= snapshots.length) {
      throw new PlanError(
        this.lines,
        'snapshot',
        `there are snapshots 0 to ${snapshots.length - 1}, not ${snapshot}`,
      );
    }
    if (!accept.includes(verdict)) {
      throw new PlanError(this.lines, 'verdict', `the plan accepts ${accept.join(', ')}, not ${verdict}`);
    }
    this.#checkPath('path', pathOf(path));
    if (source !== undefined) this.#checkPath('source', pathOf(source));
  }

  #checkPath(field: string, path: Path): void {
    const why = whyUnsafe(path);
    if (why !== null) throw new PlanError(this.lines, field, why);
  }

  #checkEnd(line: PlanEnd): void {
    for (const field of ['restore', 'bytes', 'missing', 'left'] as const) {
      const [stated, count] = [line[field], this.#counts[field]];
      if (stated !== count) throw new PlanError(this.lines, field, `says ${stated}, but there are ${count}`);
    }
    this.#ended = true;
  }
}

/** Why a relative path could lead elsewhere than below; null where it can't. */
export function whyUnsafe(path: Path): string | null {
  const segments = path.split('/');
  // The byte 0 stands as U+DC00 in a path, whatever brought it there.
  if (/[\0\udc00]/u.test(path)) return 'it holds a NUL byte';
  if (process.platform === 'win32' && /[\\:]/.test(path)) return 'it holds a backslash or a colon';
  if (path.startsWith('/')) return 'it is absolute';
  if (segments.includes('..')) return "it leads out of its folder ('..')";
  if (segments.includes('') || segments.includes('.')) return 'it has an empty segment, or one that is a dot';
  return null;
}

function parseLine(text: string, number: number): PlanLine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new PlanError(number, '', 'it is no JSON');
  }
  const type = typeof value === 'object' && value !== null ? (value as { type?: unknown }).type : undefined;
  const validate = typeof type === 'string' ? validators.get(type) : undefined;
  if (validate === undefined) {
    throw new PlanError(number, 'type', `must be one of ${[...validators.keys()].join(', ')}`);
  }
  if (validate(value)) return value;
  throw toPlanError(number, validate.errors![0]!);
}

function toPlanError(line: number, { instancePath, keyword, params, message }: ErrorObject): PlanError {
  const steps = instancePath.split('/').slice(1);
  if (keyword === 'required') steps.push((params as { missingProperty: string }).missingProperty);
  if (keyword === 'additionalProperties')
    steps.push((params as { additionalProperty: string }).additionalProperty);
  const said: Readonly<Record<string, string>> = {
    required: 'is missing',
    additionalProperties: 'there is no such field',
  };
  return new PlanError(line, steps.join('.'), said[keyword] ?? describe(keyword, params, message));
}

function describe(keyword: string, params: Record<string, unknown>, message = keyword): string {
  if (keyword === 'enum') return `must be one of ${(params.allowedValues as unknown[]).join(', ')}`;
  return message;
}
