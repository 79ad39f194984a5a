import { readFile } from 'node:fs/promises';
import type { GatePolicy } from './policy.ts';

/**
 * Reads a policy from a file of YAML or JSON. What it takes to read one is loaded then: `gate` itself needs none of it.
 * @throws PolicyError with line and field; what the system says where it can't be read
 */
export async function readPolicy(file: string): Promise<GatePolicy> {
  const [text, { parsePolicy }] = await Promise.all([readFile(file, 'utf8'), import('./policy-file.ts')]);
  return parsePolicy(text);
}
