import { Broken } from '../../bytes/errors.ts';

export const SHORT_HEADER = 24;
const LONG_HEADER = 40;
const CONTINUES = 1;
const LONG = 2;

/** What stands first on a page of the log (PostgreSQL, access/xlog_internal.h). */
export interface WalPage {
  readonly header: number;
  /** Where the page belongs in the log, in bytes. */
  readonly address: bigint;
  /** Bytes of a record that began on a page before; 0 where none goes on here. */
  readonly rest: number;
}

export interface WalSegment {
  readonly page: number;
  readonly size: number;
}

/** Reads what the first page says of its segment; null where it's none. */
export function readSegment(head: Uint8Array): WalSegment | null {
  if (head.length < LONG_HEADER) return null;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const size = view.getUint32(32, true);
  const page = view.getUint32(36, true);
  const isPower = (value: number) => value > 0 && (value & (value - 1)) === 0;
  if (!isPower(size) || size < 1 << 20 || size > 1 << 30) return null;
  if (!isPower(page) || page < 1024 || page > 65536) return null;
  const header = readWalPage(view, 0);
  if (header === null || header.header !== LONG_HEADER) return null;
  return header.address % BigInt(size) === 0n ? { page, size } : null;
}

/** Reads the header of a page; null where there's none. */
export function readWalPage(view: DataView, at: number): WalPage | null {
  const high = view.getUint8(at + 1);
  const info = view.getUint16(at + 2, true);
  if ((high !== 0xd0 && high !== 0xd1) || info > 15) return null;
  const rest = view.getUint32(at + 16, true);
  if (view.getUint32(at + 20, true) !== 0) return null;
  return {
    header: (info & LONG) === 0 ? SHORT_HEADER : LONG_HEADER,
    address: view.getBigUint64(at + 8, true),
    rest: (info & CONTINUES) === 0 ? 0 : rest,
  };
}

export function noPage(at: number): Broken {
  return new Broken(at, 'header of a log page', 'magic number, flags and address', 'others');
}
