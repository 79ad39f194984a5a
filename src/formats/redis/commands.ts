import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';

const MOST_NUMBER = 15;
const MOST_ARGUMENTS = 1 << 20;
/** Arguments up to this length are looked at as text, in bytes. */
const MOST_TEXT = 4096;

/** Whether a command stands there: `*3`, or a time as a comment. */
export function beginsCommand(reader: Reader, at: number): boolean {
  return /^(?:\*\d+\r|#TS:\d)/.test(reader.latin1(at, Math.min(16, reader.size - at)));
}

/** Accounts for commands in the protocol's own notation up to the end (Redis serialization protocol, arrays of bulk strings). */
export function accountCommands(reader: Reader, ledger: Ledger, start: number): void {
  for (let at = start; at < reader.size; ) {
    reader.meter.step();
    if (reader.u8(at) === 0x23) {
      at = accountComment(reader, ledger, at);
      continue;
    }
    at = accountCommand(reader, ledger, at);
  }
}

function accountComment(reader: Reader, ledger: Ledger, at: number): number {
  const line = reader.latin1(at, Math.min(64, reader.size - at));
  const match = /^#[A-Z]+:[\x20-\x7e]*\r\n/.exec(line);
  if (match === null) throw new Broken(at, 'comment', '#TS and a number', line.slice(0, 8));
  ledger.account(at, at + match[0].length, 'grammar', 'comments', 4);
  return at + match[0].length;
}

function accountCommand(reader: Reader, ledger: Ledger, start: number): number {
  const head = readNumber(reader, start, '*');
  if (head.value > MOST_ARGUMENTS)
    throw new Broken(start, 'arguments of a command', `up to ${MOST_ARGUMENTS}`, head.value);
  ledger.account(start, head.end, 'grammar', 'commands', 4);
  let at = head.end;
  for (let left = head.value; left > 0; left--) {
    reader.meter.step();
    const { value: length, end } = readNumber(reader, at, '$');
    const next = end + length + 2;
    // A server that died leaves the last command cut.
    if (next > reader.size) throw new Truncated(reader.size, 'argument', next - reader.size);
    reader.expect(next - 2, '\r\n', 'end of an argument');
    ledger.account(at, end, 'grammar', 'commands', 4);
    accountArgument(reader, ledger, end, end + length);
    ledger.account(next - 2, next, 'grammar', 'commands', 4);
    at = next;
  }
  return at;
}

function accountArgument(reader: Reader, ledger: Ledger, start: number, end: number): void {
  const isText =
    end - start <= MOST_TEXT && reader.bytes(start, end - start).every((byte) => byte >= 0x20 && byte < 0x7f);
  if (isText) ledger.account(start, end, 'grammar', 'arguments', 16);
  else ledger.raw(start, end, 'values');
}

function readNumber(
  reader: Reader,
  at: number,
  mark: string,
): { readonly value: number; readonly end: number } {
  const line = reader.latin1(at, Math.min(MOST_NUMBER, reader.size - at));
  const match = /^.(\d{1,10})\r\n/.exec(line);
  if (match !== null && line[0] === mark) return { value: Number(match[1]), end: at + match[0].length };
  // A line that the end of the file cuts.
  if (line[0] === mark && at + line.length === reader.size && /^.\d*\r?$/.test(line)) {
    throw new Truncated(reader.size, 'command', 1);
  }
  throw new Broken(at, 'command', `${mark} and a number`, line.slice(0, 4));
}
