import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context, Format } from '../format.ts';
import { verifyPack } from './pack.ts';

/** Capabilities, commits that the receiver must have, and references with what they point to. */
const LINE = /^(?:@[\x20-\x7e]+|-[0-9a-f]{40,64}(?: .*)?|[0-9a-f]{40,64} [^\s]+)$/;
const MOST_HEADER = 1 << 20;

export const gitBundle: Format = {
  id: 'git-bundle',
  title: 'Git bundle',
  extensions: [],
  signatures: [
    { at: 0, hex: Buffer.from('# v2 git bundle\n').toString('hex') },
    { at: 0, hex: Buffer.from('# v3 git bundle\n').toString('hex') },
  ],
  spec: 'git documentation: gitformat-bundle',
  proof: 'grammar of the header, digest of the pack',
  texture: 'packed',
  verify(reader: Reader, ledger: Ledger, context: Context): void {
    const end = reader.indexOf('\n\nPACK', 0, Math.min(reader.size, MOST_HEADER));
    if (end < 0) throw new Broken(16, 'header of a bundle', 'an empty line and a pack', 'none');
    const [, ...lines] = reader.latin1(0, end).split('\n');
    const odd = lines.find((line) => !LINE.test(line));
    if (odd !== undefined) throw new Broken(16, 'line of a bundle’s header', 'a reference', odd.slice(0, 40));
    ledger.account(0, end + 2, 'grammar', 'header of a bundle');
    verifyPack(reader, ledger, context, end + 2);
  },
};
