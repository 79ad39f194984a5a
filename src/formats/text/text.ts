import { plainKind } from './kinds.ts';
import { textFormat } from './text-format.ts';

export const text = textFormat({
  id: 'text',
  title: 'Plain text, source code, logs',
  spec: 'Unicode 15 §3.9; RFC 3629; WHATWG Encoding Standard',
  proof:
    'well-formed characters of one encoding throughout; legacy encodings by likelihood; base64 inside examined',
  kind: plainKind,
  begins: () => true,
});
