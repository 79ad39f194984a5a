import { describe, expect, it } from 'vitest';
import { Random } from '../../../bench/attacks/random.ts';
import { examine } from '../../../src/examine/examine.ts';
import { openpgp } from '../../../src/formats/openpgp/openpgp.ts';
import { mayBegin } from '../../../src/formats/openpgp/recognise.ts';
import { corpusFiles } from '../../support/corpus.ts';
import { contradictions, fixture, verifyAlone } from '../../support/verify.ts';

const message = fixture('openpgp', 'sym-aes256.gpg');
const key = fixture('openpgp', 'pub.gpg');

describe('openpgp', () => {
  it.each([...corpusFiles('protected', 'gpg', 'pgp-seckey')].filter(({ name }) => name.endsWith('.gpg')))(
    'calls $name protected',
    ({ name, bytes }) => {
      const { judgement } = examine(bytes, { name });
      expect(judgement.verdict).toBe('protected');
      expect(judgement.reasons[0]?.code).toBe('P501');
    },
  );

  it('names cipher and derivation of a message under a password', () => {
    const { observations } = verifyAlone(openpgp, message);
    const strength = 'AES-256, password by iterated SHA-1';
    expect(observations).toContainEqual(expect.objectContaining({ scheme: 'OpenPGP message', strength }));
  });

  it('reads session keys of AES-256 with OCB (RFC 9580, tag 20 and version 2)', () => {
    const salt = Buffer.alloc(32, 0x5a);
    const data = Buffer.concat([Buffer.from('d24f02090206', 'hex'), salt, new Random(3).bytes(44)]);
    data[1] = data.length - 2;
    const { observations } = verifyAlone(openpgp, Buffer.concat([message.subarray(0, 15), data]));
    expect(observations).toMatchObject([
      { kind: 'protected', strength: 'AES-256, password by iterated SHA-1; AES-256 OCB' },
    ]);
  });

  it('contradicts a message that ends before its last part', () => {
    expect(contradictions(verifyAlone(openpgp, message.subarray(0, message.length - 1)))).toMatchObject([
      { kind: 'truncated' },
    ]);
    expect(contradictions(verifyAlone(openpgp, message.subarray(0, 15)))).toMatchObject([
      { kind: 'truncated', what: 'encrypted data' },
    ]);
  });

  it('contradicts bytes behind the end of a message', () => {
    const longer = Buffer.concat([message, Buffer.alloc(4)]);
    expect(contradictions(verifyAlone(openpgp, longer))).toMatchObject([{ what: 'packet tag' }]);
  });

  it('contradicts a message with a hole of zeros', () => {
    const bytes = Uint8Array.from(message).fill(0, 700, 1000);
    expect(contradictions(verifyAlone(openpgp, bytes))).toMatchObject([{ what: 'ciphertext' }]);
  });

  it('contradicts a key whose numbers do not fill it', () => {
    const bytes = Uint8Array.from(key);
    bytes[10]! ^= 1;
    expect(contradictions(verifyAlone(openpgp, bytes))).not.toEqual([]);
  });

  it('calls a document that is a message under its own name, suspect', () => {
    expect(examine(message, { name: 'report.pdf' }).judgement).toMatchObject({ verdict: 'suspect' });
  });
});

describe('random bytes', () => {
  /** Heads with the right tag and length of one packet, the rest random: what chance must still hit. */
  const heads = [
    { name: 'session key for RSA', hex: '85010c', size: 271 },
    { name: 'session key for a password', hex: '8c0d', size: 15 },
    { name: 'public key', hex: '99010d', size: 272 },
    { name: 'signature', hex: '89014e', size: 337 },
    { name: 'encrypted data', hex: 'd2c060', size: 291 },
  ];

  it.each(heads)(
    'pass for a $name at most once in 2,000, behind a tag and length that fit',
    ({ hex, size }) => {
      const random = new Random(size);
      let accepted = 0;
      for (let i = 0; i < 20_000; i++) {
        const bytes = random.bytes(size);
        bytes.set(Buffer.from(hex, 'hex'));
        if (!mayBegin(bytes, size)) continue;
        const ledger = verifyAlone(openpgp, bytes);
        if (contradictions(ledger).length === 0) accepted++;
      }
      // Data alone is told by its version only, and a tag and length of 24 bits before it: 2⁻³².
      expect(accepted).toBeLessThanOrEqual(hex.startsWith('d2') ? 200 : 10);
    },
  );

  it('of any length are never a message', () => {
    const random = new Random(5);
    for (let i = 0; i < 20_000; i++) {
      const bytes = random.bytes(32 + random.below(2000));
      if (!mayBegin(bytes, bytes.length)) continue;
      const ledger = verifyAlone(openpgp, bytes);
      // Data that is compressed by nothing goes to the end of the file: it is examined in turn, and stays open.
      if (contradictions(ledger).length === 0)
        expect(ledger.totals().protected + ledger.totals().structure).toBeLessThanOrEqual(2);
    }
  });
});
