import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { states } from '../../src/ledger/segment.ts';
import { incidentRules } from '../../src/verdict/incident/rules.ts';
import { rules } from '../../src/verdict/rules.ts';

const folder = fileURLToPath(new URL('../../docs', import.meta.url));
const evidence = readFileSync(join(folder, 'evidence.md'), 'utf8');

describe('docs/evidence.md', () => {
  it('lists every rule in its order, with its verdict and what it says', () => {
    const listed = evidence.match(/^\| [A-Z]\d{3} \|.*$/gm);
    expect(listed).toEqual(
      [...rules, ...incidentRules].map(({ code, verdict, says }) => `| ${code} | \`${verdict}\` | ${says} |`),
    );
  });

  it('explains every proof and state', () => {
    for (const state of states) expect(evidence).toContain(`| \`${state}\` |`);
  });
});

describe('docs/adding-a-format.md', () => {
  it('shows the example that is run as a test, to the letter', () => {
    const example = readFileSync(join(folder, '../examples/add-a-format.mjs'), 'utf8');
    expect(readFileSync(join(folder, 'adding-a-format.md'), 'utf8')).toContain(example);
  });
});
