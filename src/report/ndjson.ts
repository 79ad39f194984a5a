import type { ReportLine } from './line.ts';

/**
 * Beyond what JSON escapes by itself: DEL and C1 controls, soft hyphen, zero-width and bidirectional marks, line
 * separators, the byte order mark. A report that is shown in a terminal must not act on it (Unicode TR36, section 3).
 */
const UNSEEN = /[\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** The line as it stands in the report, its line end included. */
export function toNdjson(line: ReportLine): string {
  return toJsonLine(line);
}

/** Anything as a line of JSON that a terminal may show, its line end included. */
export function toJsonLine(value: object): string {
  const json = JSON.stringify(value);
  return `${json.search(UNSEEN) < 0 ? json : json.replace(UNSEEN, escapeCharacter)}\n`;
}

/** The lines of whole pieces of a report. */
export function* parseLines(text: string): Generator<ReportLine> {
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\n', at);
    yield JSON.parse(text.slice(at, end)) as ReportLine;
    at = end + 1;
  }
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
