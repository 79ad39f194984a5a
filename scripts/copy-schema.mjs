// The JSON Schemas of the report, of the gate's policy and of restore plans ship beside the code.
import { copyFileSync } from 'node:fs';

copyFileSync('src/report/report.schema.json', 'dist/report.schema.json');
copyFileSync('src/gate/policy.schema.json', 'dist/policy.schema.json');
copyFileSync('src/gate/restore/plan.schema.json', 'dist/plan.schema.json');
