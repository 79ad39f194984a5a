import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { accountText } from '../text-field.ts';

const HEADER = 20;
/** Bytes of a number, by the tens digit of the type. */
const widths = [8, 4, 4, 2, 2, 1];

export const matlab4: Format = {
  id: 'matlab-4',
  title: 'MATLAB level 4',
  extensions: ['mat'],
  signatures: [],
  spec: 'MathWorks, MAT-File Format, section Level 4',
  proof: 'matrices follow each other exactly to the end; values by contrast',
  texture: 'plain',
  verify(reader: Reader, ledger: Ledger): void {
    for (let at = 0; at < reader.size; ) {
      reader.meter.step();
      at = verifyMatrix(reader, ledger, at);
    }
  },
};

function verifyMatrix(reader: Reader, ledger: Ledger, at: number): number {
  const isBig = reader.u32le(at, 'type of a matrix') > 5000;
  const u32 = (where: number) => (isBig ? reader.u32be(where) : reader.u32le(where));
  const [type, rows, columns, imaginary, nameLength] = [0, 4, 8, 12, 16].map((offset) =>
    u32(at + offset),
  ) as [number, number, number, number, number];
  const width = widths[Math.floor(type / 10) % 10];
  const isOrder = Math.floor(type / 1000) === (isBig ? 1 : 0);
  if (!isOrder || width === undefined || type % 10 > 2 || Math.floor(type / 100) % 10 > 0)
    throw new Broken(at, 'type of a matrix', 'MOPT', type);
  if (imaginary > 1 || nameLength === 0 || nameLength > 256)
    throw new Broken(at + 12, 'header of a matrix', 'fields in range', `${imaginary}, ${nameLength}`);
  const valuesAt = at + HEADER + nameLength;
  const end = valuesAt + rows * columns * width * (1 + imaginary);
  if (end > reader.size) throw new Truncated(reader.size, 'matrix', end - reader.size);
  const name = reader.latin1(at + HEADER, nameLength, 'name of a matrix');
  if (!/^[A-Za-z_][A-Za-z0-9_]*\0+$/.test(name))
    throw new Broken(at + HEADER, 'name of a matrix', 'a name', name);
  ledger.account(at, at + HEADER, 'structure', 'header of a matrix', 10);
  accountText(reader, ledger, at + HEADER, valuesAt - 1, 'name of a matrix');
  ledger.account(valuesAt - 1, valuesAt, 'structure', 'end of the name');
  ledger.raw(valuesAt, end, 'values');
  return end;
}
