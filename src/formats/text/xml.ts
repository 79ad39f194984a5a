import { xmlKind } from './kinds.ts';
import { textFormat } from './text-format.ts';

export const xml = textFormat({
  id: 'xml',
  title: 'XML, SVG, XHTML, property lists',
  spec: 'XML 1.0 (Fifth Edition) §2.1',
  proof: 'well-formed to its end: tags nest and match; base64 inside examined',
  kind: xmlKind,
  begins: (head) =>
    /^(\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*<\0?(\?\0?x\0?m\0?l|svg|!DOCTYPE (?!html)|plist|x:xmpmeta)/.test(
      Buffer.from(head.subarray(0, 256)).toString('latin1'),
    ),
});
