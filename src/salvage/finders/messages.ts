import type { Reader } from '../../bytes/reader.ts';
import { SliceSource } from '../../bytes/source.ts';
import { examine } from '../../examine/examine.ts';
import type { Finder, Subject, Take } from '../item.ts';
import { provenByItself } from '../provable.ts';
import { readerOf } from '../reader-of.ts';

const LINE = '\nFrom ';
/** Sender and date, as `asctime` writes it (RFC 4155, appendix A). */
const SEPARATOR =
  /^From \S[^\r\n]{0,200}? (?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d \d\d:\d\d/;
const LONGEST_SEPARATOR = 300;
/** A message that is larger is no message. */
const LONGEST_MESSAGE = 256 << 20;
const MOST_MESSAGES = 1_000_000;

/**
 * Messages of a mailbox (RFC 4155): each from its separator to the next, examined by itself. One is proved by the grammar
 * of text and mail throughout, attachments decoded. Ciphertext between two separators spoils the one message it stands in.
 */
export const messages: Finder = {
  suits(subject) {
    if (/\.mbox?x?$/i.test(subject.options.name ?? '')) return true;
    const { format, promised } = subject.examination.evidence.identity;
    if ([format, ...promised].some((one) => one?.id === 'mail' || one?.id === 'mbox')) return true;
    return subject.source.size > 5 && readerOf(subject).has(0, 'From ');
  },

  find(subject, take) {
    let number = 0;
    for (const { start, end } of cut(readerOf(subject))) {
      number++;
      if (end - start <= LONGEST_MESSAGE && !offer(subject, { start, end }, number, take)) return;
      if (number >= MOST_MESSAGES) return;
    }
  },
};

/** From each separator to the next, or to the end. What stands before the first is no whole message. */
function* cut(reader: Reader): Generator<{ start: number; end: number }> {
  let start = isSeparator(reader, 0) ? 0 : -1;
  for (let at = 0; ; at++) {
    reader.meter.step();
    at = reader.indexOf(LINE, at, reader.size);
    if (at < 0) break;
    if (!isSeparator(reader, at + 1)) continue;
    if (start >= 0) yield { start, end: at + 1 };
    start = at + 1;
  }
  if (start >= 0) yield { start, end: reader.size };
}

function isSeparator(reader: Reader, at: number): boolean {
  const length = Math.min(LONGEST_SEPARATOR, reader.size - at);
  return length > 5 && SEPARATOR.test(reader.latin1(at, length));
}

function offer(
  { source, options }: Subject,
  range: { readonly start: number; readonly end: number },
  number: number,
  take: Take,
): boolean {
  const message = new SliceSource(source, range.start, range.end);
  const proven = provenByItself(examine(message, { ...options, name: 'message.mbox' }));
  if (proven === null) return true;
  const name = `message-${String(number).padStart(6, '0')}.mbox`;
  return take({ kind: 'message', name, size: message.size, ranges: [range], ...proven, source: message });
}
