import { Broken, Truncated } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Format } from './format.ts';
import { accountTextOrRaw } from './short-text.ts';

/** What follows an opcode: so many bytes; or lines; or a count of so many bytes, and as many bytes of data or text. */
type Argument =
  | { readonly bytes: number }
  | { readonly lines: number }
  | { readonly count: 1 | 4 | 8; readonly isText: boolean };

const STOP = 0x2e;
const PROTOCOL = 0x80;
const MOST_LINE = 1 << 16;
/** Opcodes that have to follow each other where no name promises a pickle. */
const ENOUGH = 12;
/** Shorter texts are not worth a claim of their own. */
const SHORTEST_TEXT = 32;

const opcodes: (Argument | undefined)[] = [];
define('(.012NRbd)lt}]aesuo\x81\x85\x86\x87\x88\x89\x8f\x90\x91\x92\x93\x94\x97\x98', { bytes: 0 });
define('Kqh\x80\x82', { bytes: 1 });
define('M\x83', { bytes: 2 });
define('Jrj\x84', { bytes: 4 });
define('G\x95', { bytes: 8 });
define('FILSVPgp', { lines: 1 });
define('ci', { lines: 2 });
define('UC\x8a', { count: 1, isText: false });
define('\x8c', { count: 1, isText: true });
define('TB\x8b', { count: 4, isText: false });
define('X', { count: 4, isText: true });
define('\x8e\x96', { count: 8, isText: false });
define('\x8d', { count: 8, isText: true });

function define(codes: string, argument: Argument): void {
  for (const code of codes) opcodes[code.charCodeAt(0)] = argument;
}

export const pickle: Format = {
  id: 'pickle',
  title: 'Python pickle',
  extensions: ['pickle', 'pkl'],
  signatures: [
    { at: 0, hex: '8004950000000000000000', mask: 'ffffff00000000ffffffff' },
    { at: 0, hex: '8005950000000000000000', mask: 'ffffff00000000ffffffff' },
  ],
  spec: 'PEP 3154; CPython, pickletools.py',
  proof:
    'opcodes with their arguments lead from one to the next up to STOP; texts by grammar, other data by contrast',
  texture: 'plain',
  recognise: (head) => head[0] === PROTOCOL && head[1]! >= 2 && head[1]! <= 5 && beginsWithOpcodes(head),
  verify(reader, ledger): void {
    let at = 0;
    // Programs write several objects one behind the other.
    while (at < reader.size && (at === 0 || opcodes[reader.u8(at)] !== undefined))
      at = verifyObject(reader, ledger, at);
    ledger.trailing(at, reader.size);
  },
};

function verifyObject(reader: Reader, ledger: Ledger, start: number): number {
  let raw = start;
  for (let at = start; ; ) {
    reader.meter.step();
    const code = reader.u8(at, 'opcode');
    const argument = opcodes[code];
    if (argument === undefined) {
      ledger.raw(raw, at, 'opcodes and data');
      throw new Broken(at, 'opcode', 'a known one', code);
    }
    if (code === STOP) {
      ledger.raw(raw, at, 'opcodes and data');
      ledger.account(at, at + 1, 'structure', 'STOP');
      if (reader.u8(start) === PROTOCOL) ledger.account(start, start + 2, 'structure', 'PROTO');
      return at + 1;
    }
    const dataAt = at + 1 + ('count' in argument ? argument.count : 0);
    const end = endOf(reader, at + 1, argument);
    if (end > reader.size) throw new Truncated(reader.size, 'argument of an opcode', end - reader.size);
    if ('count' in argument && argument.isText && end - dataAt >= SHORTEST_TEXT) {
      ledger.raw(raw, dataAt, 'opcodes and data');
      accountTextOrRaw(reader, ledger, dataAt, end, 'text');
      raw = end;
    }
    at = end;
  }
}

function endOf(reader: Reader, at: number, argument: Argument): number {
  if ('bytes' in argument) return at + argument.bytes;
  if ('lines' in argument) return endOfLines(reader, at, argument.lines);
  const { count } = argument;
  if (count === 1) return at + 1 + reader.u8(at, 'length');
  return at + count + (count === 4 ? reader.u32le(at, 'length') : reader.u64le(at, 'length'));
}

function endOfLines(reader: Reader, start: number, lines: number): number {
  let at = start;
  for (let i = 0; i < lines; i++) {
    const end = reader.indexOf('\n', at, Math.min(reader.size, at + MOST_LINE));
    if (end < 0) throw new Broken(at, 'argument of an opcode', 'a line', 'no end of it');
    at = end + 1;
  }
  return at;
}

/** Random bytes do with (68/256)¹². Arguments with lengths and lines don't stand in the way, but are passed over. */
function beginsWithOpcodes(head: Uint8Array): boolean {
  let at = 0;
  for (let i = 0; i < ENOUGH; i++) {
    const argument = opcodes[head[at] ?? STOP];
    if (argument === undefined) return false;
    if (at >= head.length || head[at] === STOP) return i >= 3;
    if ('bytes' in argument) at += 1 + argument.bytes;
    else if ('count' in argument)
      at += 1 + argument.count + (head[at + 1] ?? 0) + (head[at + 2] ?? 0) * (argument.count > 1 ? 256 : 0);
    else at = head.indexOf(0x0a, head.indexOf(0x0a, at) + (argument.lines - 1)) + 1;
    if (at === 0) return false;
  }
  return true;
}
