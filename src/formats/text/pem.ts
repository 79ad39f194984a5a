import { pemKind } from './kinds.ts';
import { textFormat } from './text-format.ts';

export const pem = textFormat({
  id: 'pem',
  title: 'PEM and OpenPGP armour: certificates, keys, signatures',
  spec: 'RFC 7468; RFC 1421; RFC 9580 §6',
  proof: 'labels in pairs, DER parsed to its end or CRC-24; what a key or cipher left is named',
  kind: pemKind,
  begins: (head) => Buffer.from(head).toString('latin1').includes('-----BEGIN '),
});
