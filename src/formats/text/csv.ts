import { CsvGrammar } from './csv-grammar.ts';
import { csvKind } from './kinds.ts';
import { textFormat } from './text-format.ts';

export const csv = textFormat({
  id: 'csv',
  title: 'Comma-, tab- or semicolon-separated values',
  spec: 'RFC 4180; IANA text/tab-separated-values',
  proof: 'well-formed characters of one encoding throughout; rows of as many fields',
  kind: csvKind,
  begins: (head) => {
    const grammar = new CsvGrammar();
    grammar.push(head);
    return grammar.isTable();
  },
});
