import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';

/** Header of a QEMU disk, versions 2 and 3 (docs/interop/qcow2.rst). Offsets and sizes in bytes. */
export interface Qcow2Header {
  readonly version: number;
  readonly clusterBits: number;
  /** Of the disk. */
  readonly size: number;
  /** 0 none, 1 AES, 2 LUKS. */
  readonly crypt: number;
  readonly firstLevel: Qcow2Table;
  readonly references: Qcow2Table;
  readonly snapshots: Qcow2Table;
  /** Where the name of the backing file stands; its length is 0 where there is none. */
  readonly backing: { readonly at: number; readonly length: number };
}

/** A table, and its number of entries; of reference counts, the number of clusters. */
export interface Qcow2Table {
  readonly at: number;
  readonly count: number;
}

/** @throws Broken, Truncated */
export function readQcow2Header(reader: Reader): Qcow2Header {
  const clusterBits = reader.u32be(20, 'cluster bits');
  if (clusterBits < 9 || clusterBits > 22) throw new Broken(20, 'cluster bits', '9 to 22', clusterBits);
  return {
    version: reader.u32be(4),
    clusterBits,
    size: reader.u64be(24),
    crypt: reader.u32be(32),
    firstLevel: { at: reader.u64be(40), count: reader.u32be(36) },
    references: { at: reader.u64be(48), count: reader.u32be(56) },
    snapshots: { at: reader.u64be(64), count: reader.u32be(60) },
    backing: { at: reader.u64be(8), length: reader.u32be(16) },
  };
}
