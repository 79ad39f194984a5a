import { mailKind } from './kinds.ts';
import { textFormat } from './text-format.ts';

const firstLine = /^(From \S+ .*\r?\n)?(>?[A-Za-z][A-Za-z0-9-]{1,40}:[ \t].*\r?\n([ \t].*\r?\n)*){2}/;
const usualField =
  /^(Received|Return-Path|From|To|Date|Subject|Message-ID|MIME-Version|Delivered-To|X-[\w-]+):/im;

export const mail = textFormat({
  id: 'mail',
  title: 'Mail: single messages, mbox, MHTML',
  spec: 'RFC 5322; RFC 2045; RFC 4155',
  proof: 'well-formed characters throughout; attachments in base64 decoded and examined',
  kind: mailKind,
  begins: (head) => {
    const start = Buffer.from(head.subarray(0, 2048)).toString('latin1');
    return firstLine.test(start) && usualField.test(start);
  },
});
