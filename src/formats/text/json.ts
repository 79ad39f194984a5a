import { JsonGrammar } from './json-grammar.ts';
import { jsonKind } from './kinds.ts';
import { textFormat } from './text-format.ts';

export const json = textFormat({
  id: 'json',
  title: 'JSON, JSON lines, GeoJSON',
  spec: 'RFC 8259; RFC 7464; ndjson.org',
  proof: 'parsed to its end, every character in its place; base64 inside examined',
  kind: jsonKind,
  begins: (head, size) => {
    if (!/^[\s\ufeff]*[[{]/.test(Buffer.from(head.subarray(0, 256)).toString('utf8'))) return false;
    const grammar = new JsonGrammar();
    grammar.push(head, 0);
    if (head.length >= size) grammar.finish(size);
    return grammar.fault === null;
  },
});
