import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ReportLine } from '../../src/report/line.ts';

const schema = JSON.parse(
  readFileSync(new URL('../../src/report/report.schema.json', import.meta.url), 'utf8'),
) as object;
const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schema);

/** Parses a report, and holds every line against the schema and the rules that a schema can't state. */
export function parseReport(text: string): ReportLine[] {
  if (!text.endsWith('\n')) throw new Error('the report does not end with a whole line');
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as ReportLine);
  for (const line of lines) {
    if (!validate(line)) throw new Error(`${JSON.stringify(line)}: ${JSON.stringify(validate.errors)}`);
    if (line.type === 'file' && line.accounted !== null) {
      const total = Object.values(line.accounted).reduce((sum, bytes) => sum + bytes, 0);
      if (total !== line.size)
        throw new Error(`${line.path.text}: ${total} of ${line.size} bytes in the ledger`);
    }
  }
  return lines;
}
