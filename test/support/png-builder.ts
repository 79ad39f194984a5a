import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');

export function chunk(type: string, data: Uint8Array = new Uint8Array(0)): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

/** IHDR of an 8-bit greyscale image; the last bytes can be chosen. */
export function header(width: number, height: number, rest = [8, 0, 0, 0, 0]): Buffer {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width, 0);
  data.writeUInt32BE(height, 4);
  Buffer.from(rest).copy(data, 8);
  return chunk('IHDR', data);
}

/** Rows of grey pixels with filter type 0, not yet compressed. */
export function rows(width: number, height: number): Buffer {
  return Buffer.concat(
    Array.from({ length: height }, (_, y) =>
      Buffer.from([0, ...Array.from({ length: width }, (_, x) => (x * y) % 251)]),
    ),
  );
}

export function png(...chunks: Buffer[]): Buffer {
  return Buffer.concat([SIGNATURE, ...chunks, chunk('IEND')]);
}

export function simplePng(width = 40, height = 30): Buffer {
  return png(header(width, height), chunk('IDAT', deflateSync(rows(width, height))));
}
