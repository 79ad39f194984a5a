import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { defaultGatePolicy } from '../../src/gate/policy.ts';
import { parsePolicy } from '../../src/gate/policy-file.ts';
import { gateReasons } from '../../src/gate/reasons.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (name: string) => readFileSync(join(root, name), 'utf8');
const policies = [...read('docs/gate.md').matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(([, text]) => text!);

describe('docs/gate.md', () => {
  it('lists every reason in its order, with what it says', () => {
    const listed = read('docs/gate.md').match(/^\| [HQ]\d{3} \|.*$/gm);
    expect(listed).toEqual(
      Object.entries(gateReasons).map(([code, [one, many]]) => `| ${code} | ${many || one} |`),
    );
  });

  it('shows the policy that holds where none is given, and policies that are valid', () => {
    expect(parsePolicy(policies[0]!)).toEqual(defaultGatePolicy);
    for (const policy of policies) expect(() => parsePolicy(policy)).not.toThrow();
  });
});

describe('docs/recipes.md', () => {
  it.each(['service', 'timer'])('shows the systemd %s of the examples, to the letter', (name) => {
    expect(read('docs/recipes.md')).toContain(read(`examples/systemd/unscathed-gate.${name}`));
  });
});
