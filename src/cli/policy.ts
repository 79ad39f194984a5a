import { defaultGatePolicy, type GatePolicy, type Kind } from '../gate/policy.ts';
import { PolicyError } from '../gate/policy-error.ts';
import { readPolicy } from '../gate/read-policy.ts';
import { UsageError } from './exit.ts';

/** What `--accept` may name: what isn't known, or is ciphertext, is never accepted. */
const acceptable = ['protected', 'contrast', 'unproved', 'suspect', 'damaged', 'links'] as const;

export interface PolicyOptions {
  readonly policy?: string;
  readonly accept?: string[];
  readonly floor?: number;
}

/** The policy of the file, or the usual one, with what the command line says otherwise. @throws UsageError */
export async function policyFrom({ policy: file, accept = [], floor }: PolicyOptions): Promise<GatePolicy> {
  const policy = file === undefined ? defaultGatePolicy : await policyIn(file);
  const accepted = accept.map((kind): [Kind, 'accept'] => [acceptableKind(kind), 'accept']);
  return {
    ...policy,
    verdicts: { ...policy.verdicts, ...Object.fromEntries(accepted) },
    ...(floor === undefined ? {} : { floor }),
  };
}

async function policyIn(file: string): Promise<GatePolicy> {
  try {
    return await readPolicy(file);
  } catch (error) {
    if (error instanceof PolicyError) throw new UsageError(`${file}, ${error.message}`);
    throw new UsageError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function acceptableKind(kind: string): Kind {
  const found = acceptable.find((one) => one === kind);
  if (found !== undefined) return found;
  throw new UsageError(`--accept ${kind}: it may be ${acceptable.join(', ')}`);
}
