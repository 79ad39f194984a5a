import { Broken } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { accountTextOrRaw } from '../short-text.ts';
import { accountTail } from '../tail.ts';

const HEAD = 6;
const MARK = 0x80;
/** Kinds of sections; that between is binary. */
const [TEXT, END] = [1, 3];
/** Adobe Type 1 Font Format §7.1: keys of eexec; four random bytes begin it. */
const [EEXEC_KEY, C1, C2, RANDOM] = [55665, 52845, 22719, 4];
const MOST_BINARY = 1 << 24;

export const type1Binary: Format = {
  id: 'type1-binary',
  title: 'Type 1 font, binary',
  extensions: ['pfb'],
  signatures: [{ at: 0, hex: '8001000000002521', mask: 'ffff0000ffffffff' }],
  spec: 'Adobe Technical Note 5040, section 3.3; Adobe Type 1 Font Format, chapter 7',
  proof: 'sections end exactly; text by its characters, the private part by what it deciphers to',
  texture: 'packed',
  verify(reader, ledger): void {
    let at = 0;
    for (; at < reader.size; ) {
      reader.meter.step();
      // What follows the sections without a head of its own belongs to none.
      if (at > 0 && reader.u8(at) !== MARK) break;
      const kind = reader.u8(at + 1, 'head of a section');
      if (reader.u8(at) !== MARK || kind < TEXT! || kind > END!)
        throw new Broken(at, 'head of a section', '80 01 to 80 03', kind);
      if (kind === END) {
        ledger.account(at, at + 2, 'structure', 'end mark');
        accountTail(reader, ledger, at + 2);
        return;
      }
      const end = at + HEAD + reader.u32le(at + 2, 'head of a section');
      if (end > reader.size)
        throw new Broken(at + 2, 'length of a section', reader.size - at - HEAD, end - at - HEAD);
      ledger.account(at, at + HEAD, 'structure', 'head of a section');
      if (kind === TEXT) accountTextOrRaw(reader, ledger, at + HEAD, end, 'section of text');
      else accountPrivate(reader, ledger, at + HEAD, end);
      at = end;
    }
    ledger.trailing(at, reader.size);
    ledger.oddity(at, 'the end mark is missing');
  },
};

/**
 * The cipher's state takes in each byte of ciphertext, and never forgets: what follows a changed byte deciphers to something
 * else. So text that goes on to the end proves what stands before it, but for changes in the last character strings.
 */
function accountPrivate(reader: Reader, ledger: Ledger, start: number, end: number): void {
  if (end - start > MOST_BINARY) {
    ledger.unexamined(start, end, 'private part of more than 16 MiB');
    return;
  }
  const plain = decipher(reader.whole(start, end));
  const text = plain.toString('latin1');
  let longest = 0;
  let from = 0;
  for (const { start: body, end: next } of characterStrings(text)) {
    expectText(text.slice(from, body), start + RANDOM! + from);
    longest = Math.max(longest, next - body);
    from = next;
  }
  expectText(text.slice(from), start + RANDOM! + from);
  ledger.account(start, end, 'grammar', 'deciphered text', 32 + longest);
}

function decipher(bytes: Uint8Array): Buffer {
  const plain = Buffer.alloc(bytes.length);
  let key = EEXEC_KEY!;
  for (let i = 0; i < bytes.length; i++) {
    plain[i] = bytes[i]! ^ (key >> 8);
    key = (Math.imul(bytes[i]! + key, C1!) + C2!) & 0xffff;
  }
  return plain.subarray(RANDOM);
}

/** `23 RD ` and so many bytes; the font defines what it calls the operator, mostly `RD` or `-|`. */
function* characterStrings(text: string): Generator<Range> {
  const name = /\/(\S{1,16})\s*\{\s*string currentfile exch readstring pop\s*\}/.exec(text)?.[1] ?? 'RD';
  const operator = ` ${name} `;
  for (let at = text.indexOf(operator); at >= 0; ) {
    const start = at + operator.length;
    const end = start + Number(/\d{1,5}$/.exec(text.slice(Math.max(0, at - 5), at))?.[0] ?? 0);
    if (end <= text.length) yield { start, end };
    at = text.indexOf(operator, end);
  }
}

function expectText(text: string, at: number): void {
  const wrong = text.search(/[^\t\n\r\x20-\x7e]/);
  if (wrong >= 0) throw new Broken(at + wrong, 'deciphered text', 'characters', text.charCodeAt(wrong));
}
