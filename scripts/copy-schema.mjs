// The JSON Schema of the report ships beside the code.
import { copyFileSync } from 'node:fs';

copyFileSync('src/report/report.schema.json', 'dist/report.schema.json');
