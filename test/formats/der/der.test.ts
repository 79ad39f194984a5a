import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { examine } from '../../../src/examine/examine.ts';
import { corpusFiles } from '../../support/corpus.ts';

describe('DER', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const der = { format: 'der', type: 'pkcs8' } as const;

  it('accounts for keys as Node writes them', () => {
    expect(examine(privateKey.export(der), { name: 'a.key' }).judgement.verdict).toBe('intact');
    expect(
      examine(Buffer.from(publicKey.export({ format: 'pem', type: 'spki' })), { name: 'a.pem' }).judgement
        .verdict,
    ).toBe('intact');
  });

  it('names the cipher of an encrypted key, in DER and in PEM', () => {
    const sealing = { cipher: 'aes-256-cbc', passphrase: 'corpus-demo' } as const;
    const pem = privateKey.export({ format: 'pem', type: 'pkcs8', ...sealing });
    for (const [bytes, name] of [
      [privateKey.export({ ...der, ...sealing }), 'a.p8'],
      [Buffer.from(pem), 'a.pem'],
    ] as const) {
      const { judgement } = examine(bytes, { name });
      expect(judgement.verdict).toBe('protected');
      expect(judgement.reasons[0]?.text).toContain('PBES2');
    }
  });

  it('notices a cut end, a byte more, and a wrong length', () => {
    const key = privateKey.export(der);
    expect(examine(key.subarray(0, -1), { name: 'a.key' }).judgement.restore).not.toBe('yes');
    expect(
      examine(Buffer.concat([key, Buffer.alloc(300, 0x5a)]), { name: 'a.key' }).judgement.restore,
    ).not.toBe('yes');
    const wrong = Buffer.from(key);
    wrong[8]! ^= 1;
    expect(examine(wrong, { name: 'a.key' }).judgement.restore).not.toBe('yes');
  });

  it.each(['der', 'cer', 'crt', 'csr', 'p7b', 'p7c', 'p7s', 'pem', 'key', 'pkcs1'])(
    'proves the corpus: %s',
    (type) => {
      for (const { name, bytes } of corpusFiles('genuine', type)) {
        expect(`${name} ${examine(bytes, { name }).judgement.verdict}`).toBe(`${name} intact`);
      }
    },
  );
});
