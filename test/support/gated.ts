import type { EndLine, FileLine, ReportLine } from '../../src/report/line.ts';

/** A report's line on a file, with what the test is about. */
export function lineOn(path: string, given: Partial<FileLine> = {}): FileLine {
  const size = given.size ?? 100;
  const none = { checksum: 0, decoder: 0, grammar: 0, structure: 0, padding: 0, contrast: 0 };
  return {
    type: 'file',
    path: { text: path },
    size,
    modified: null,
    verdict: 'intact',
    restore: 'yes',
    format: 'png',
    magic: 'png',
    entropy: 7,
    floor: 1,
    accounted: { ...none, checksum: size, protected: 0, coded: 0, raw: 0, unaccounted: 0 },
    ranges: [],
    scheme: null,
    family: null,
    reasons: [{ code: 'I601', text: 'proved', at: null }],
    ...given,
  };
}

export const endLine: EndLine = {
  type: 'end',
  counts: { encrypted: 0, damaged: 0, suspect: 0, unread: 0, unproved: 0, protected: 0, intact: 0 },
  files: 0,
  bytes: 0,
  skipped: 0,
  unread: 0,
  interrupted: false,
  finished: '2026-01-01T00:00:00.000Z',
};

export async function* stream(...lines: readonly ReportLine[]): AsyncGenerator<ReportLine> {
  yield* lines;
}
