import { readFileSync } from 'node:fs';
import { type Range, union } from '../bytes/range.ts';
import { UsageError } from './exit.ts';

/**
 * Reads ranges that are known to be encrypted, one a line: first byte and end, which is exclusive, as decimal numbers or
 * with `0x`. What follows `#` is a comment. @throws UsageError
 */
export function readDamage(file: string): Range[] {
  const lines = readText(file).split('\n');
  const ranges = lines.flatMap((line, i) => {
    const text = line.replace(/#.*/, '').trim();
    return text === '' ? [] : [parseRange(text, `${file}, line ${i + 1}`)];
  });
  if (ranges.length === 0) throw new UsageError(`${file} has no ranges`);
  return union(ranges);
}

function parseRange(text: string, where: string): Range {
  const [start, end, ...more] = text.split(/[\s,;]+/).map(Number);
  const isRange =
    Number.isSafeInteger(start) &&
    Number.isSafeInteger(end) &&
    start! >= 0 &&
    end! > start! &&
    more.length === 0;
  if (!isRange) throw new UsageError(`${where}: a range is its first byte and its end, such as "0 1048576"`);
  return { start: start!, end: end! };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file}: ${(error as Error).message}`);
  }
}
