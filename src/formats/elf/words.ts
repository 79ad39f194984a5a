import type { Reader } from '../../bytes/reader.ts';

/** Fields of one ELF file, in its byte order and class. */
export class Words {
  readonly reader: Reader;
  /** 64-bit addresses and offsets. */
  readonly wide: boolean;
  readonly bigEndian: boolean;

  constructor(reader: Reader, wide: boolean, bigEndian: boolean) {
    this.reader = reader;
    this.wide = wide;
    this.bigEndian = bigEndian;
  }

  u16(at: number): number {
    return this.bigEndian ? this.reader.u16be(at) : this.reader.u16le(at);
  }

  u32(at: number): number {
    return this.bigEndian ? this.reader.u32be(at) : this.reader.u32le(at);
  }

  /** A 64-bit field as a number, which loses the last bits of addresses beyond 2^53. */
  u64(at: number): number {
    const low = this.u32(at + (this.bigEndian ? 4 : 0));
    const high = this.u32(at + (this.bigEndian ? 0 : 4));
    return high * 2 ** 32 + low;
  }

  /** An address, an offset or a size: 32 or 64 bits by class. */
  address(at: number): number {
    return this.wide ? this.u64(at) : this.u32(at);
  }

  /** Bytes of an address. */
  get size(): number {
    return this.wide ? 8 : 4;
  }

  view(bytes: Uint8Array): DataView {
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }
}
