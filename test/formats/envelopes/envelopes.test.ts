import { describe, expect, it } from 'vitest';
import { Random } from '../../../bench/attacks/random.ts';
import { examine } from '../../../src/examine/examine.ts';
import type { Format } from '../../../src/formats/format.ts';
import { formats } from '../../../src/formats/table.ts';
import { corpusFiles } from '../../support/corpus.ts';
import { fixtures } from '../../support/fixtures.ts';
import { contradictions, verifyAlone } from '../../support/verify.ts';

const sealing = [
  ...['age', 'openssl-enc', 'keepass', 'keepass-1', 'java-keystore', 'java-jceks', 'luks', 'borg-segment'],
  ...['axcrypt', 'aescrypt', 'scrypt', 'rclone-crypt', 'git-crypt', 'mcrypt', 'ecryptfs'],
  ...['telegram-data', 'signal-backup', 'whatsapp-backup', 'gnome-keyring'],
];
const formatOf = (id: string): Format => formats.find((format) => format.id === id)!;
const sealed = [...fixtures()].filter(
  ({ format, verdict }) => sealing.includes(format) && verdict === 'protected',
);

/** Files that are no ciphertext, or broken on purpose, in folders of protected ones. */
const exceptions = /broken_kdbx_version|^nosalt\.bin|^README$|^config$|^data-0-[13]$|^rr-config$/;
const real = [
  ...corpusFiles('protected', 'age', 'kdbx', 'kdb', 'jks', 'luks', 'openssl-enc', 'borg', 'restic'),
].filter(({ name }) => !exceptions.test(name));

describe('envelopes', () => {
  it.each(real)('calls $name protected', ({ name, bytes }) => {
    expect(examine(bytes, { name }).judgement.verdict).toBe('protected');
  });

  it.each(sealed)('calls random bytes under the name of $format/$name never safe', ({ name, bytes }) => {
    const { judgement } = examine(new Random(bytes.length).bytes(bytes.length), { name });
    expect(['encrypted', 'suspect', 'unproved']).toContain(judgement.verdict);
  });

  it.each(sealed)('calls random bytes behind the first 4 of $format/$name never safe', ({ name, bytes }) => {
    const attacked = new Random(bytes.length).bytes(bytes.length);
    attacked.set(bytes.subarray(0, 4));
    const { judgement } = examine(attacked, { name });
    expect(judgement.restore).not.toBe('yes');
  });

  it.each(sealed)('notices that $format/$name was cut in its header', ({ format, bytes }) => {
    expect(contradictions(verifyAlone(formatOf(format), bytes.subarray(0, 15)))).not.toEqual([]);
  });

  const checked = ['age', 'keepass', 'keepass-1', 'aescrypt', 'telegram-data', 'ecryptfs', 'gnome-keyring'];
  it.each(sealed.filter(({ format }) => checked.includes(format)))(
    'notices that $format/$name lost its last byte',
    ({ format, name, bytes }) => {
      const cut = bytes.subarray(0, bytes.length - 1);
      // The chunks of age may have any length but that of an empty one.
      if (format === 'age') return;
      expect(contradictions(verifyAlone(formatOf(format), cut)), name).not.toEqual([]);
    },
  );

  it.each(sealed.filter(({ bytes, format }) => bytes.length > 1500 && format !== 'luks'))(
    'notices zeros in the ciphertext of $format/$name',
    ({ name, bytes }) => {
      const holed = Uint8Array.from(bytes).fill(0, bytes.length - 700, bytes.length - 200);
      expect(examine(holed, { name }).judgement.restore).not.toBe('yes');
    },
  );
});

describe('names that are digests', () => {
  const pack = [...fixtures()].find(({ name }) => name === '3f-3ffdffb4eabe')!;

  it('calls a restic pack under another name unknown', () => {
    expect(examine(pack.bytes, { name: '3f-3ffdffb4eabf' }).judgement.verdict).toBe('suspect');
    expect(examine(pack.bytes, { name: 'report.docx' }).judgement.restore).toBe('no');
  });

  it('notices one changed byte of a restic pack', () => {
    const bytes = Uint8Array.from(pack.bytes);
    bytes[900]! ^= 1;
    expect(examine(bytes, { name: pack.name }).judgement.restore).not.toBe('yes');
  });
});
