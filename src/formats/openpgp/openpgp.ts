import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context, Format } from '../format.ts';
import { examineStored } from '../stored.ts';
import { accountText } from '../text-field.ts';
import { accountCompressed, accountLiteral, type Place } from './content.ts';
import { accountKey } from './keys.ts';
import { type Packet, readPacket, tags } from './packet.ts';
import { mayBegin } from './recognise.ts';
import { accountEncrypted, accountSession } from './session.ts';
import { accountSignature } from './signature.ts';

/** RFC 9580 §5.10: what an implementation notes about keys is short: GnuPG 2 bytes, others a few more. */
const LONGEST_TRUST = 64;

type Account = (place: Place, packet: Packet) => void;

const one =
  (account: (reader: Reader, ledger: Ledger, packet: Packet) => void): Account =>
  ({ reader, ledger }, packet) =>
    account(reader, ledger, packet);

/** What stands in packets that are neither session keys nor encrypted data. */
const accounts: Readonly<Record<number, Account>> = {
  [tags.signature]: one(accountSignature),
  [tags.onePassSignature]: one(accountOnePass),
  [tags.secretKey]: one(accountKey),
  [tags.publicKey]: one(accountKey),
  [tags.secretSubkey]: one(accountKey),
  [tags.publicSubkey]: one(accountKey),
  [tags.compressed]: accountCompressed,
  [tags.literal]: accountLiteral,
  [tags.marker]: ({ reader, ledger }, { body: [body] }) => {
    reader.expect(body!.start, 'PGP', 'marker');
    ledger.account(body!.start, body!.end, 'structure', 'marker');
  },
  [tags.trust]: one(accountTrust),
  [tags.userId]: ({ reader, ledger }, { body: [body] }) => {
    accountText(reader, ledger, body!.start, body!.end, 'user id');
  },
  [tags.userAttribute]: accountAttribute,
  [tags.padding]: ({ ledger }, { body: [body] }) => ledger.coded(body!.start, body!.end, 'padding packet'),
};

/** Its bytes may be anything, amid the lengths of other packets. */
function accountTrust(_reader: Reader, ledger: Ledger, { at, body: [body] }: Packet): void {
  const length = body!.end - body!.start;
  if (length > LONGEST_TRUST) throw new Broken(at, 'trust', `at most ${LONGEST_TRUST} bytes`, length);
  ledger.account(body!.start, body!.end, 'structure', 'trust amid lengths', length + 8);
}

/** §5.4: of version 3, 13 bytes. */
function accountOnePass(reader: Reader, ledger: Ledger, { at, body: [body] }: Packet): void {
  const { start, end } = body!;
  const version = reader.u8(start, 'version of a one-pass signature');
  if (version !== 3 && version !== 6)
    throw new Broken(start, 'version of a one-pass signature', '3, 6', version);
  if (version === 3 && end - start !== 13)
    throw new Broken(at, 'one-pass signature', '13 bytes', end - start);
  if (end - start < 13) throw new Broken(at, 'one-pass signature', 'at least 13 bytes', end - start);
  ledger.account(start, start + 4, 'structure', 'one-pass signature');
}

/** §5.12.1: kind 1, then a header of 16 bytes, version 1, JPEG. */
const PICTURE = [1, 16, 0, 1, 1];

/** §5.12: subpackets; the only defined one holds a JPEG behind a header of 16 bytes. */
function accountAttribute(place: Place, { body: [body] }: Packet): void {
  const { reader, ledger } = place;
  for (let at = body!.start; at < body!.end; ) {
    reader.meter.step();
    const { start, end } = attributeAt(reader, at);
    if (end > body!.end || end <= start) throw new Broken(at, 'length of an attribute', body!.end, end);
    ledger.account(at, start + 1, 'structure', 'length of an attribute');
    if (reader.has(start, PICTURE) && end - start >= 17) {
      ledger.account(start, start + 17, 'structure', 'header of a picture');
      examineStored({ ...place, start: start + 17, end }, 'photo.jpg');
    } else ledger.unexamined(start, end, 'user attribute of an unknown kind');
    at = end;
  }
}

function attributeAt(reader: Reader, at: number): { start: number; end: number } {
  const first = reader.u8(at, 'length of an attribute');
  if (first < 192) return { start: at + 1, end: at + 1 + first };
  if (first < 255) {
    const length = ((first - 192) << 8) + reader.u8(at + 1, 'length of an attribute') + 192;
    return { start: at + 2, end: at + 2 + length };
  }
  return { start: at + 5, end: at + 5 + reader.u32be(at + 1, 'length of an attribute') };
}

const sessionTags = new Set<number>([tags.publicKeySession, tags.passwordSession]);
const dataTags = new Set<number>([tags.encrypted, tags.integrityProtected, tags.aead]);

/** The packets of a file in order; session keys belong to the encrypted data behind them. */
class Walk {
  readonly #place: Place;
  /** Whose session keys wait for their data. */
  #sessions: string[] = [];

  constructor(place: Place) {
    this.#place = place;
  }

  run(): void {
    const { reader } = this.#place;
    for (let at = 0; at < reader.size; ) {
      reader.meter.step();
      const packet = readPacket(reader, at);
      this.#take(packet);
      this.#accountLengths(packet);
      at = packet.end;
    }
    if (this.#sessions.length > 0) throw new Truncated(reader.size, 'encrypted data', 1);
  }

  #take(packet: Packet): void {
    const { reader, ledger } = this.#place;
    const { tag, at, end } = packet;
    if (sessionTags.has(tag)) this.#sessions.push(accountSession(reader, ledger, packet));
    else if (dataTags.has(tag)) this.#takeData(packet);
    else if (this.#sessions.length > 0 && tag !== tags.marker && tag !== tags.padding)
      throw new Broken(at, 'packet behind a session key', 'encrypted data', tag);
    else if (accounts[tag] !== undefined) accounts[tag](this.#place, packet);
    else if (tag >= 60) ledger.unexamined(at, end, 'packet of a private kind');
    else throw new Broken(at, 'packet tag', 'a known one', tag);
  }

  /** Data of tag 9 without session key has nothing that tells it from chance (§5.7: IDEA and MD5, as PGP 2 wrote). */
  #takeData(packet: Packet): void {
    const { reader, ledger } = this.#place;
    if (packet.tag === tags.encrypted && this.#sessions.length === 0)
      throw new Broken(packet.at, 'encrypted data', 'a session key before it', 'none');
    accountEncrypted(reader, ledger, packet, [...new Set(this.#sessions)].join(' or '));
    this.#sessions = [];
  }

  #accountLengths({ at, body }: Packet): void {
    let from = at;
    for (const { start, end } of body) {
      this.#place.ledger.account(from, start, 'structure', 'tag and length of a packet');
      from = end;
    }
  }
}

export const openpgp: Format = {
  id: 'openpgp',
  title: 'OpenPGP, binary: messages, keys, signatures',
  extensions: ['gpg', 'pgp'],
  signatures: [],
  spec: 'RFC 9580 §4, §5',
  proof:
    'packets tile the file, their fields fit their lengths; keys and signatures amid them; messages are sealed',
  texture: 'dense',
  recognise: mayBegin,
  verify(reader: Reader, ledger: Ledger, context: Context): void {
    if (reader.size === 0) throw new Truncated(0, 'packet', 1);
    new Walk({ reader, ledger, context }).run();
  },
};
