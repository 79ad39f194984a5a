import zlib from 'node:zlib';
import { field, message, varint } from './protobuf-bytes.ts';

const words = ['amber', 'basalt', 'cobalt', 'dolomite', 'emerald', 'feldspar', 'granite', 'hematite'];

/** One block: three bytes of length, then raw deflate. */
function pack(content: Buffer): Buffer {
  const packed = zlib.deflateRawSync(content);
  return Buffer.concat([
    Buffer.from([(packed.length * 2) & 255, packed.length >> 7, packed.length >> 15]),
    packed,
  ]);
}

/** Integers as literals of run length encoding, version 1. */
function literals(values: readonly number[]): Buffer {
  const runs: Buffer[] = [];
  for (let at = 0; at < values.length; at += 128) {
    const part = values.slice(at, at + 128);
    runs.push(Buffer.from([256 - part.length]), ...part.map(varint));
  }
  return Buffer.concat(runs);
}

/** An ORC file of a number and a word in each row (Apache ORC specification v1). */
export function orcFile(rows: number, isPacked: boolean): Buffer {
  const section = isPacked ? pack : (content: Buffer) => content;
  const ids = Array.from({ length: rows }, (_, i) => i * 37);
  const texts = ids.map((id) => `${words[id % words.length]} ${id}`);
  const streams = [
    { kind: 1, column: 1, bytes: section(literals(ids.map((id) => id * 2))) },
    { kind: 1, column: 2, bytes: section(Buffer.from(texts.join(''))) },
    { kind: 2, column: 2, bytes: section(literals(texts.map(({ length }) => length))) },
  ];
  const data = Buffer.concat(streams.map(({ bytes }) => bytes));
  const stripeFooter = section(
    message(
      ...streams.map(({ kind, column, bytes }) =>
        field(1, message(field(1, kind), field(2, column), field(3, bytes.length))),
      ),
      ...[0, 0, 0].map((kind) => field(2, message(field(1, kind)))),
    ),
  );
  const stripe = message(field(1, 3), field(3, data.length), field(4, stripeFooter.length), field(5, rows));
  const footer = section(
    message(
      field(1, 3),
      field(2, 3 + data.length + stripeFooter.length),
      field(3, stripe),
      field(4, message(field(1, 12), field(2, Buffer.from([1, 2])), field(3, 'id'), field(3, 'name'))),
      field(4, message(field(1, 3))),
      field(4, message(field(1, 7))),
      field(6, rows),
    ),
  );
  const postScript = message(
    field(1, footer.length),
    field(2, isPacked ? 1 : 0),
    field(3, 1 << 18),
    field(4, Buffer.from([0, 11])),
    field(8000, 'ORC'),
  );
  return Buffer.concat([
    Buffer.from('ORC'),
    data,
    stripeFooter,
    footer,
    postScript,
    Buffer.from([postScript.length]),
  ]);
}
