import type { FileLine, ScanLine } from '../line.ts';

/** A form of the report that other programs read, written as the lines come: nothing is kept. */
export interface Export {
  /** What stands before the first file. */
  begin(scan: ScanLine): string;
  file(line: FileLine): string;
  /** What stands after the last. */
  end(): string;
}

/** The text that whole lines of a report come to in another form. */
export function exportLines(text: string, as: Export): string {
  let out = '';
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\n', at);
    out += exportLine(text.slice(at, end), as);
    at = end + 1;
  }
  return out;
}

/** Lines are told by their beginning: those on no file needn't be parsed. */
function exportLine(json: string, as: Export): string {
  if (json.startsWith('{"type":"file"')) return as.file(JSON.parse(json) as FileLine);
  if (json.startsWith('{"type":"scan"')) return as.begin(JSON.parse(json) as ScanLine);
  return json.startsWith('{"type":"end"') ? as.end() : '';
}

/** The times of a file, ISO 8601: those of its file system where it's in an image. */
export function timesOf({ modified, origin }: FileLine): NonNullable<FileLine['origin']>['times'] {
  return origin?.times ?? { modified, accessed: null, changed: null, created: null };
}
