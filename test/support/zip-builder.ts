import { crc32, deflateRawSync } from 'node:zlib';

export interface Entry {
  readonly name: string;
  readonly content: Uint8Array;
  /** 0 stores, 8 deflates; by default 8. */
  readonly method?: number;
  readonly flags?: number;
  /** Sizes and CRC-32 behind the content. */
  readonly hasDescriptor?: boolean;
  readonly extra?: Uint8Array;
  readonly centralExtra?: Uint8Array;
  readonly comment?: string;
  /** Bytes in the archive instead of the packed content. */
  readonly packed?: Uint8Array;
}

export interface Layout {
  /** Bytes before the first entry that offsets don't know of. */
  readonly prefix?: Uint8Array;
  readonly comment?: string;
  /** Bytes between the last entry and the directory. */
  readonly gap?: Uint8Array;
  /** Entries that the directory leaves out, by number. */
  readonly deleted?: readonly number[];
  readonly isZip64?: boolean;
}

/** An archive as PKWARE's APPNOTE 6.3.10 describes it. */
export function zipOf(entries: readonly Entry[], layout: Layout = {}): Buffer {
  const parts: Buffer[] = [];
  const central: Buffer[] = [];
  let at = 0;
  for (const [i, entry] of entries.entries()) {
    const part = localPart(entry);
    if (layout.deleted?.includes(i) !== true) central.push(centralHeader(entry, at));
    parts.push(part);
    at += part.length;
  }
  const directory = Buffer.concat(central);
  const gap = Buffer.from(layout.gap ?? []);
  const end = endRecord(central.length, directory.length, at + gap.length, layout);
  return Buffer.concat([Buffer.from(layout.prefix ?? []), ...parts, gap, directory, end]);
}

export function packedOf({ content, method = 8, packed }: Entry): Uint8Array {
  return packed ?? (method === 0 ? content : deflateRawSync(content));
}

function fields(entry: Entry): Buffer {
  const { content, method = 8, flags = 0, hasDescriptor = false } = entry;
  const bytes = Buffer.alloc(22);
  bytes.writeUInt16LE(20, 0);
  bytes.writeUInt16LE(flags | (hasDescriptor ? 8 : 0), 2);
  bytes.writeUInt16LE(method, 4);
  bytes.writeUInt32LE(0x5a21_6000, 6);
  bytes.writeUInt32LE(crc32(content), 10);
  bytes.writeUInt32LE(packedOf(entry).length, 14);
  bytes.writeUInt32LE(content.length, 18);
  return bytes;
}

function localPart(entry: Entry): Buffer {
  const { name, extra = new Uint8Array(0), hasDescriptor = false } = entry;
  const common = fields(entry);
  const descriptor = Buffer.concat([Buffer.from('PK\x07\x08', 'latin1'), common.subarray(10, 22)]);
  if (hasDescriptor) common.fill(0, 10, 22);
  const lengths = Buffer.alloc(4);
  lengths.writeUInt16LE(Buffer.byteLength(name), 0);
  lengths.writeUInt16LE(extra.length, 2);
  const head = Buffer.concat([
    Buffer.from('PK\x03\x04', 'latin1'),
    common,
    lengths,
    Buffer.from(name),
    extra,
  ]);
  return Buffer.concat([head, packedOf(entry), ...(hasDescriptor ? [descriptor] : [])]);
}

function centralHeader(entry: Entry, at: number): Buffer {
  const { name, extra = new Uint8Array(0), centralExtra = extra, comment = '' } = entry;
  const lengths = Buffer.alloc(18);
  lengths.writeUInt16LE(Buffer.byteLength(name), 0);
  lengths.writeUInt16LE(centralExtra.length, 2);
  lengths.writeUInt16LE(Buffer.byteLength(comment), 4);
  lengths.writeUInt32LE(at, 14);
  return Buffer.concat([
    Buffer.from('PK\x01\x02\x14\x00', 'latin1'),
    fields(entry),
    lengths,
    Buffer.from(name),
    centralExtra,
    Buffer.from(comment),
  ]);
}

function endRecord(
  count: number,
  size: number,
  offset: number,
  { comment = '', isZip64 = false }: Layout,
): Buffer {
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(isZip64 ? 0xffff : count, 8);
  end.writeUInt16LE(isZip64 ? 0xffff : count, 10);
  end.writeUInt32LE(isZip64 ? 0xffffffff : size, 12);
  end.writeUInt32LE(isZip64 ? 0xffffffff : offset, 16);
  end.writeUInt16LE(Buffer.byteLength(comment), 20);
  return Buffer.concat([...(isZip64 ? [zip64Records(count, size, offset)] : []), end, Buffer.from(comment)]);
}

function zip64Records(count: number, size: number, offset: number): Buffer {
  const record = Buffer.alloc(56);
  record.write('PK\x06\x06', 'latin1');
  record.writeBigUInt64LE(44n, 4);
  record.writeUInt16LE(45, 12);
  record.writeUInt16LE(45, 14);
  for (const [at, value] of [
    [24, count],
    [32, count],
    [40, size],
    [48, offset],
  ] as const) {
    record.writeBigUInt64LE(BigInt(value), at);
  }
  const locator = Buffer.alloc(20);
  locator.write('PK\x06\x07', 'latin1');
  locator.writeBigUInt64LE(BigInt(offset + size), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([record, locator]);
}
