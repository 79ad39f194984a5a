import { createCipheriv } from 'node:crypto';

/**
 * Random bytes that are the same in every run: the key stream of AES-128-CTR under a fixed key, which no test of
 * randomness tells from chance. A test that chance decides fails now and then without a cause.
 */
const stream = createCipheriv('aes-128-ctr', Buffer.alloc(16, 'unscathed'), Buffer.alloc(16));

/** As `randomBytes` of node:crypto. */
export function randomBytes(length: number): Buffer {
  return stream.update(Buffer.alloc(length));
}

/** As `randomFillSync` of node:crypto. */
export function randomFill(bytes: Uint8Array, at = 0, length = bytes.length - at): void {
  bytes.set(randomBytes(length), at);
}

/** As `Math.random`: from 0 up to, not including, 1. */
export function random(): number {
  return randomBytes(4).readUInt32LE() / 2 ** 32;
}
