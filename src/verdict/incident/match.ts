import type { Fingerprint } from './fingerprint.ts';
import type { IncidentMark, Shared, SharedBytes } from './mark.ts';

/** Whether the file bears the mark. */
export function bears(file: Fingerprint, mark: Shared): boolean {
  switch (mark.kind) {
    case 'tail-bytes':
      return mark.bytes.every((bytes) => standsAt(file.tail, file.tail.length - bytes.at, bytes));
    case 'head-bytes':
      return !file.hasMagic && mark.bytes.every((bytes) => standsAt(file.head, bytes.at, bytes));
    case 'tail-check':
      return file.tailCheck === mark.check;
    case 'tail-length':
      return file.tailLength === mark.length;
    case 'extension':
      return file.newExtension === mark.extension;
    case 'layout':
      return file.layout === mark.layout;
  }
}

function standsAt(text: string, at: number, { hex }: SharedBytes): boolean {
  return at >= 0 && text.startsWith(Buffer.from(hex, 'hex').toString('latin1'), at);
}

/** The first mark of these kinds that the file bears; the marks are in order of weight. */
export function findBorne(
  file: Fingerprint,
  marks: readonly IncidentMark[],
  ...kinds: readonly Shared['kind'][]
): IncidentMark | null {
  return marks.find((mark) => kinds.includes(mark.kind) && bears(file, mark)) ?? null;
}
