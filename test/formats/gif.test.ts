import { describe, expect, it } from 'vitest';
import { gif } from '../../src/formats/gif.ts';
import { describeFamily } from '../support/family.ts';
import { fixtures } from '../support/fixtures.ts';
import { contradictions, verifyAlone } from '../support/verify.ts';

describeFamily(gif, ['gif'], 30);

const tiny = [...fixtures()].find(({ format, name }) => format === 'gif' && name === 'tiny.gif')!.bytes;

describe('gif', () => {
  it('contradicts an image with a row more than its codes give', () => {
    const file = Uint8Array.from(tiny);
    const at = file.indexOf(0x2c);
    file[at + 7] = file[at + 7]! + 1;
    expect(contradictions(verifyAlone(gif, file))).toMatchObject([{ what: 'pixels of an image' }]);
  });

  it('names bytes behind the trailer trailing, and zeros padding', () => {
    const tail = Buffer.from('tail');
    expect(verifyAlone(gif, Buffer.concat([tiny, tail])).observations).toMatchObject([{ kind: 'trailing' }]);
    expect(contradictions(verifyAlone(gif, Buffer.concat([tiny, new Uint8Array(9)])))).toEqual([]);
  });

  it('calls a file without trailer truncated', () => {
    expect(contradictions(verifyAlone(gif, tiny.subarray(0, -1)))).toMatchObject([{ kind: 'truncated' }]);
  });
});
