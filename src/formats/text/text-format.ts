import { isUtf8 } from 'node:buffer';
import type { Reader } from '../../bytes/reader.ts';
import { indexOfControl } from '../../checks/text-bytes.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context, Format } from '../format.ts';
import { detectEncodingOfHead, noHabits, wholeSequences } from './detect.ts';
import { type Kind, promisedKind, promisesText } from './kinds.ts';
import { isStray, OddRuns } from './odd-runs.ts';
import { verifyText } from './verify.ts';
import { ZeroRuns } from './zero-runs.ts';

/** Random bytes are taken for text with 2^(−LIKELY) for each of the some forty encodings. In bits. */
const LIKELY = 40;

/** Whether the first bytes of a file read as text of some encoding, without a run of anything else. */
export function isTextHead(head: Uint8Array, size: number): boolean {
  if (head.length === 0) return false;
  const whole = head.length < size ? wholeSequences(head) : head;
  if (isUtf8(whole) && indexOfControl(whole) === whole.length) return true;
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
  return isText && !hasZerosInside(head);
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
