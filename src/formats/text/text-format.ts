import type { Reader } from '../../bytes/reader.ts';
import { isPlainText } from '../../checks/text-bytes.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context, Format } from '../format.ts';
import { detectEncodingOfHead, noHabits, wholeSequences } from './detect.ts';
import { type Kind, promisedKind, promisesText } from './kinds.ts';
import { isStray, OddRuns } from './odd-runs.ts';
import type { Encoding } from './scanner.ts';
import { verifyText } from './verify.ts';
import { ZeroRuns } from './zero-runs.ts';

/** Random bytes are taken for text with 2^(−LIKELY) for each of the some forty encodings. In bits. */
const LIKELY = 40;

/** Whether the first bytes of a file read as text of some encoding, without a run of anything else. */
export function isTextHead(head: Uint8Array, size: number): boolean {
  if (head.length === 0) return false;
  const whole = head.length < size ? wholeSequences(head) : head;
  if (isPlainText(whole)) return true;
  const { encoding, cost } = detectEncodingOfHead(head);
  if (cost > -LIKELY) return false;
  const costs = new Int16Array(head.length);
  let isText = true;
  const runs = new OddRuns((run) => {
    if (encoding.name !== 'utf-8' || !isStray(run)) isText = false;
  });
  const scanner = encoding.scanner(noHabits);
  runs.push(costs, scanner.scan(head, true, costs), 0, scanner.width);
  runs.settle();
  return isText && !hasZerosInside(head) && (encoding.mark > 0 || hasLines(head, encoding));
}

/** Short texts may be one word; longer ones have spaces or line ends, and don't repeat one byte all over. */
const SHORT = 96;
const MOST_ALIKE = 0.4;

/** Whether bytes that are no UTF-8 have what any text has, other than records of small numbers and fillings. */
function hasLines(head: Uint8Array, encoding: Encoding): boolean {
  const counts = new Uint32Array(256);
  for (const byte of head) counts[byte]!++;
  const isWide = encoding.name.startsWith('utf-');
  if (!isWide && Math.max(...counts.subarray(0x80)) > MOST_ALIKE * head.length) return false;
  if (head.length < SHORT) return true;
  const width = encoding.scanner(noHabits).width;
  let breaks = 0;
  for (let at = 0; at + width <= head.length; at += width)
    if (isBreak(head, at, encoding.name, width)) breaks++;
  return breaks * SHORT >= head.length / width;
}

/** Space, line end, or the full stops and commas of Chinese and Japanese; in EBCDIC 0x40, 0x15 and 0x25. */
function isBreak(head: Uint8Array, at: number, name: string, width: number): boolean {
  if (width === 1)
    return name === 'ebcdic'
      ? [0x40, 0x15, 0x25].includes(head[at]!)
      : [0x20, 0x0a, 0x0d].includes(head[at]!);
  let unit = 0;
  for (let i = 0; i < width; i++)
    unit = unit * 256 + head[name.endsWith('be') ? at + i : at + width - 1 - i]!;
  return [0x20, 0x0a, 0x0d, 0x3000, 0x3001, 0x3002, 0xff0c].includes(unit);
}

function hasZerosInside(head: Uint8Array): boolean {
  let isInside = false;
  const zeros = new ZeroRuns(({ start, end }) => {
    isInside ||= start > 4 && end < head.length;
  });
  zeros.push(head, 0);
  zeros.finish();
  return isInside;
}

type Row = Pick<Format, 'id' | 'title' | 'spec' | 'proof'> & {
  readonly kind: Kind;
  /** Whether a text with these first bytes is of this kind. */
  readonly begins: (head: Uint8Array, size: number) => boolean;
};

/** A format of text: what its encoding doesn't prove, the grammar of its kind does. */
export function textFormat({ kind, begins, ...row }: Row): Format {
  return {
    ...row,
    extensions: kind.extensions,
    signatures: [],
    texture: 'plain',
    recognise: (head, size) => begins(head, size) && isTextHead(head, size),
    verify(reader: Reader, ledger: Ledger, context: Context): void {
      const grammar = (row.id === 'text' ? (promisedKind(context.name) ?? kind) : kind).grammar();
      verifyText(reader, ledger, context, { grammar, isPromised: promisesText(context.name) });
    },
  };
}
