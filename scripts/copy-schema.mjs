// The JSON Schemas of the report and of the gate's policy ship beside the code.
import { copyFileSync } from 'node:fs';

copyFileSync('src/report/report.schema.json', 'dist/report.schema.json');
copyFileSync('src/gate/policy.schema.json', 'dist/policy.schema.json');
