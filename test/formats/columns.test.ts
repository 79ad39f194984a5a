import { arrow, arrowStream } from '../../src/formats/arrow/arrow.ts';
import { ewf } from '../../src/formats/ewf/ewf.ts';
import { parquet } from '../../src/formats/parquet/parquet.ts';
import { describeGroup } from '../support/group.ts';

const isFile = (bytes: Uint8Array) => bytes[0] === 0x41;

describeGroup('columns and images', [
  { format: parquet, types: ['parquet'] },
  { format: arrow, types: ['arrow', 'feather'], is: isFile },
  { format: arrowStream, types: ['arrows'] },
  { format: ewf, types: ['e01', 's01'] },
]);
