import { htmlKind } from './kinds.ts';
import { textFormat } from './text-format.ts';

export const html = textFormat({
  id: 'html',
  title: 'HTML',
  spec: 'WHATWG HTML §13.1',
  proof: 'well-formed characters of one encoding throughout; base64 inside examined',
  kind: htmlKind,
  begins: (head) =>
    /^[^<]{0,64}<(!doctype html|html|head|body)\b/i.test(
      Buffer.from(head.subarray(0, 512)).toString('latin1'),
    ),
});
