import { Broken, Truncated } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { Fields } from './fields.ts';
import type { Context, Format } from './format.ts';
import { sealRange } from './sealed.ts';
import { examineStored, type Place } from './stored.ts';
import { accountText } from './text-field.ts';

const PRIVATE_KEY = 1;
const CERTIFICATE = 2;
const SECRET_KEY = 3;
/** SHA-1 over password and entries, at the end. */
const DIGEST = 20;
const MOST_ENTRIES = 1 << 20;

type Store = Omit<Place, 'start' | 'end'>;

/** JDK, sun/security/provider/JavaKeyStore.java, `engineLoad`: entries one behind the other, then the digest. */
function walkEntries(store: Store): void {
  const { reader, ledger } = store;
  const fields = new Fields(reader, 4, reader.size - DIGEST);
  const version = fields.u32be('version');
  if (version !== 1 && version !== 2) throw new Broken(4, 'version', '1 or 2', version);
  const count = fields.u32be('number of entries');
  if (count > MOST_ENTRIES) throw new Broken(8, 'number of entries', `at most ${MOST_ENTRIES}`, count);
  ledger.account(0, 12, 'structure', 'header');
  for (let i = 0; i < count; i++) {
    reader.meter.step();
    takeEntry(store, fields, version, i === count - 1);
  }
  fields.finish('entries');
}

function takeEntry(store: Store, fields: Fields, version: number, isLast: boolean): void {
  const start = fields.at;
  const tag = fields.u32be('kind of an entry');
  const alias = takeUtf(store, fields, 'alias');
  const time = fields.skip(8, 'time');
  store.ledger.account(start, start + 4, 'structure', 'kind of an entry');
  // Milliseconds since 1970: up to the year 2500 the upper 3 bytes are 0.
  if (store.reader.u16be(time) !== 0) throw new Broken(time, 'time of an entry', 'before 2500', 'later');
  if (tag === PRIVATE_KEY) takePrivateKey(store, fields, version, alias);
  else if (tag === CERTIFICATE) takeCertificate(store, fields, version);
  else if (tag === SECRET_KEY) takeSecretKey(store, fields, isLast);
  else throw new Broken(start, 'kind of an entry', '1, 2 or 3', tag);
}

/** `DataOutput.writeUTF`: 2 bytes of length, then text. */
function takeUtf({ reader, ledger }: Store, fields: Fields, what: string): string {
  const length = fields.u16be(what);
  const at = fields.skip(length, what);
  ledger.account(at - 2, at, 'structure', `length of ${what}`);
  accountText(reader, ledger, at, at + length, what);
  return Buffer.from(reader.copy(at, length)).toString('utf8');
}

/** A sealed key as DER (`EncryptedPrivateKeyInfo`), and its chain of certificates. */
function takePrivateKey(store: Store, fields: Fields, version: number, alias: string): void {
  takeStored(store, fields, `${alias}.p8`);
  const countAt = fields.at;
  const count = fields.u32be('length of the chain');
  store.ledger.account(countAt, countAt + 4, 'structure', 'length of the chain');
  if (count > 1000) throw new Broken(countAt, 'length of the chain', 'at most 1000', count);
  for (let i = 0; i < count; i++) takeCertificate(store, fields, version);
}

function takeCertificate(store: Store, fields: Fields, version: number): void {
  if (version === 2) takeUtf(store, fields, 'type of certificate');
  takeStored(store, fields, 'certificate.cer');
}

function takeStored(store: Store, fields: Fields, name: string): void {
  const length = fields.u32be('length of a part');
  const start = fields.skip(length, name);
  store.ledger.account(start - 4, start, 'structure', 'length of a part');
  const end = start + length;
  const verdict = examineStored({ ...store, start, end }, name)?.outcome.verdict;
  // Nothing but its own structure covers it: what contradicts itself here was changed in the store.
  if (verdict === 'damaged' || verdict === 'encrypted')
    store.ledger.broken(new Broken(start, name, 'DER', 'other bytes'), end);
}

/** A `SealedObject` by Java serialisation, which has no length: it is measured only where it stands last. */
function takeSecretKey({ reader, ledger }: Store, fields: Fields, isLast: boolean): void {
  const start = fields.at;
  reader.expect(start, [0xac, 0xed, 0x00, 0x05], 'serialised key');
  const next = isLast ? fields.end : reader.indexOf(nextEntry, start + 4, fields.end);
  if (next < 0) throw new Truncated(fields.end, 'serialised key', 1);
  ledger.account(start, start + 4, 'structure', 'serialised key');
  sealRange(reader, ledger, { start: start + 4, end: next }, { scheme: 'JCEKS sealed key' });
  fields.at = next;
}

/** Upper bytes of the next entry's kind, read with what a block of serialised data ends with. */
const nextEntry = Uint8Array.of(0, 0, 0, SECRET_KEY, 0);

const spec = 'JDK source, sun/security/provider/JavaKeyStore.java, com/sun/crypto/provider/JceKeyStore.java';
const proof = 'entries tile the file, certificates and sealed keys are DER; the digest needs the password';

function verifyStore(reader: Reader, ledger: Ledger, context: Context): void {
  walkEntries({ reader, ledger, context });
}

export const javaKeystore: Format = {
  id: 'java-keystore',
  title: 'Java key store',
  extensions: ['jks'],
  signatures: [
    { at: 0, hex: 'feedfeed00000001' },
    { at: 0, hex: 'feedfeed00000002' },
  ],
  spec,
  proof,
  texture: 'dense',
  verify: verifyStore,
};

export const javaJceks: Format = {
  id: 'java-jceks',
  title: 'Java JCE key store',
  extensions: ['jceks'],
  signatures: [
    { at: 0, hex: 'cececece00000001' },
    { at: 0, hex: 'cececece00000002' },
  ],
  spec,
  proof,
  texture: 'dense',
  verify: verifyStore,
};
