import type { TarHeader } from '../../formats/tar/header.ts';
import { fromBytes, type Path } from '../folders/path.ts';

/** The name in a header, with every byte of it (POSIX pax, ustar Interchange Format). */
export function nameInHeader(block: Buffer, { dialect }: TarHeader): Buffer {
  const name = upToZero(block.subarray(0, 100));
  const prefix = dialect === 'ustar' ? upToZero(block.subarray(345, 500)) : Buffer.alloc(0);
  return prefix.length === 0 ? name : Buffer.concat([prefix, Buffer.from('/'), name]);
}

export function upToZero(bytes: Buffer): Buffer {
  const zero = bytes.indexOf(0);
  return zero < 0 ? bytes : bytes.subarray(0, zero);
}

/** The bytes of the last record with this key: they needn't be UTF-8, whatever the standard says. Null without one. */
export function recordIn(records: Buffer, key: string): Buffer | null {
  let found: Buffer | null = null;
  for (let at = 0; at < records.length; ) {
    const blank = records.indexOf(0x20, at);
    const length = Number(records.toString('latin1', at, Math.max(at, blank)));
    if (blank < 0 || !(length > 0)) break;
    const record = records.subarray(blank + 1, at + length - 1);
    if (record.indexOf(`${key}=`) === 0) found = record.subarray(key.length + 1);
    at += length;
  }
  return found;
}

export function toMemberPath(name: Buffer): Path {
  return fromBytes(name);
}
