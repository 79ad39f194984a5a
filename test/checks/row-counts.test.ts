import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { delimiters, RowCounts } from '../../src/checks/row-counts.ts';

/** The same, told plainly. */
function countPlainly(text: string): number[][] {
  const rows: number[][] = [];
  let row = '';
  let isQuoted = false;
  const end = () => {
    if (row !== '') rows.push([...delimiters].map((delimiter) => countOutside(row, delimiter)));
    row = '';
  };
  for (const character of text) {
    if (character === '"') isQuoted = !isQuoted;
    if ((character === '\n' || character === '\r') && !isQuoted) end();
    else if (character !== '\n' && character !== '\r') row += character;
  }
  end();
  return rows;
}

function countOutside(row: string, delimiter: string): number {
  return row
    .split('"')
    .reduce((sum, part, i) => sum + (i % 2 === 0 ? part.split(delimiter).length - 1 : 0), 0);
}

const tables = fc.string({
  unit: fc.constantFrom('a', 'b', ',', ';', '\t', '|', '"', '\n', '\r'),
  maxLength: 200,
});

describe('the counts of delimiters by row', () => {
  it('are those of a plain count, in pieces of any size', () => {
    fc.assert(
      fc.property(tables, fc.integer({ min: 1, max: 50 }), (text, size) => {
        const rows: number[][] = [];
        const counts = new RowCounts((row, times) => {
          for (let i = 0; i < times; i++) rows.push([...row]);
        });
        for (let at = 0; at < text.length; at += size) counts.push(Buffer.from(text.slice(at, at + size)));
        counts.finish();
        expect(rows).toEqual(countPlainly(text));
      }),
    );
  });

  it('go on behind 64 KiB', () => {
    let rows = 0;
    const counts = new RowCounts((row, times) => {
      expect([...row]).toEqual([2, 0, 0, 0]);
      rows += times;
    });
    counts.push(Buffer.from('one,two,three\n'.repeat(20_000)));
    counts.finish();
    expect(rows).toBe(20_000);
  });
});
