import { Broken } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Format } from './format.ts';
import { sealRange } from './sealed.ts';

const version = 'age-encryption.org/v1\n';
/** Recipients of a message are few; the longest header that is read, in bytes. */
const MOST_HEADER = 1 << 18;
const NONCE = 16;
const TAG = 16;
const CHUNK = (1 << 16) + TAG;

/** C2SP age, "Header": stanzas of a line of arguments and base64 in lines of 64, the last one shorter; then a MAC. */
const stanza = /-> ([\x21-\x7e]+(?: [\x21-\x7e]+)*)\n(?:[A-Za-z0-9+/]{64}\n)*[A-Za-z0-9+/]{0,63}\n/y;
const mac = /--- [A-Za-z0-9+/]{43}\n/y;

/** @returns the recipients' kinds and where the payload begins */
function readHeader(reader: Reader): { readonly kinds: string[]; readonly end: number } {
  const text = reader.latin1(0, Math.min(reader.size, MOST_HEADER), 'header');
  const kinds: string[] = [];
  let at = version.length;
  for (stanza.lastIndex = at; ; stanza.lastIndex = at) {
    reader.meter.step();
    const found = stanza.exec(text);
    if (found === null) break;
    kinds.push(nameOf(found[1]!));
    at = stanza.lastIndex;
  }
  mac.lastIndex = at;
  if (kinds.length === 0 || !mac.test(text))
    throw new Broken(at, 'header of age', 'stanzas and a MAC', text.slice(at, at + 20));
  return { kinds, end: mac.lastIndex };
}

/** `scrypt <salt> <log of the cost>`. */
function nameOf(line: string): string {
  const [kind = '', , cost] = line.split(' ');
  return kind === 'scrypt' ? `password by scrypt, 2^${cost}` : kind;
}

/** "Payload": chunks of 64 KiB, each with its tag; only the chunk of an empty file is empty. */
function checkPayload(start: number, size: number): void {
  const rest = (size - NONCE) % CHUNK;
  if (size === NONCE + TAG || (size > NONCE && (rest === 0 || rest > TAG))) return;
  throw new Broken(start, 'length of the payload', 'whole chunks with their tags', size);
}

export const age: Format = {
  id: 'age',
  title: 'age encrypted file',
  extensions: ['age'],
  signatures: [{ at: 0, hex: '6167652d656e6372797074696f6e2e6f72672f76310a' }],
  spec: 'C2SP age specification',
  proof: 'header by its grammar, payload of whole chunks; what they seal stays sealed',
  texture: 'dense',
  verify(reader: Reader, ledger: Ledger): void {
    reader.expect(0, version, 'version line');
    const { kinds, end } = readHeader(reader);
    ledger.account(0, end, 'grammar', 'header of age', 40);
    checkPayload(end, reader.size - end);
    const strength = `ChaCha20-Poly1305, ${[...new Set(kinds)].join(', ')}`;
    sealRange(reader, ledger, { start: end, end: reader.size }, { scheme: 'age', strength });
  },
};
