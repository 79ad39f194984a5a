import { Broken, ReadError } from '../../../bytes/errors.ts';
import type { Range } from '../../../bytes/range.ts';
import type { ByteSource } from '../../../bytes/source.ts';
import { Damage } from '../file-systems/damage.ts';
import { hasMagic, parseSuperblock, SUPERBLOCK_AT, SUPERBLOCK_SIZE } from '../file-systems/ext/superblock.ts';
import { BOOT, type Geometry, parseBoot } from '../file-systems/ntfs/geometry.ts';
import type { Volume } from '../volumes.ts';

const SECTOR = 512;
const PIECE = 1 << 20;
/** Partitioners let partitions begin at mebibytes, older ones behind a track of 63 sectors. */
const ALIGNMENTS = [1 << 20, 63 * SECTOR];
/** Candidates that are kept: a disk of a thousand copies holds no thousand volumes. */
const MOST = 4096;
/** Records of $MFT that are asked whether they stand where a boot sector says. */
const RECORDS = 64;

/** What a boot sector or a superblock says of the volume that it belongs to. */
interface Candidate extends Range {
  readonly type: string;
  /** Structures that agree; a volume is believed from two on. */
  votes: number;
}

/**
 * Volumes of a disk whose partition table was overwritten, by what is left of them: boot sectors of NTFS and their copies,
 * superblocks of ext and theirs. Each says where its volume begins; one that nothing else confirms isn't believed.
 * @param damage ranges of the disk that were overwritten
 * @param beat called for each piece, as a sign of life
 */
export function findLostVolumes(disk: ByteSource, damage: readonly Range[], beat: () => void): Volume[] {
  const search = new VolumeSearch(disk, new Damage(damage));
  for (let at = 0; at < disk.size; at += PIECE) {
    search.take(at);
    beat();
  }
  return search.volumes();
}

class VolumeSearch {
  readonly #disk: ByteSource;
  readonly #damage: Damage;
  /** A superblock may reach into the next piece. */
  readonly #buffer = Buffer.alloc(PIECE + SUPERBLOCK_SIZE);
  readonly #candidates = new Map<string, Candidate>();

  constructor(disk: ByteSource, damage: Damage) {
    this.#disk = disk;
    this.#damage = damage;
  }

  take(at: number): void {
    const length = this.#read(
      this.#buffer.subarray(0, Math.min(this.#buffer.length, this.#disk.size - at)),
      at,
    );
    const bytes = this.#buffer.subarray(0, length);
    for (let offset = 0; offset + BOOT <= length && offset < PIECE; offset += SECTOR) {
      if (bytes.readUInt32LE(offset + 3) === NTFS)
        this.#takeBoot(bytes.subarray(offset, offset + BOOT), at + offset);
      else if (bytes.readUInt16LE(offset + 56) === EXT)
        this.#takeSuperblock(bytes.subarray(offset, offset + SUPERBLOCK_SIZE), at + offset);
    }
  }

  /** Larger volumes first: what lies inside of one is a disk in a file. */
  volumes(): Volume[] {
    const believed = [...this.#candidates.values()]
      .filter((candidate) => candidate.votes > 1 || (candidate.votes === 1 && isAligned(candidate)))
      .sort((a, b) => b.end - b.start - (a.end - a.start) || b.votes - a.votes);
    const apart: Candidate[] = [];
    for (const candidate of believed) {
      if (apart.every(({ start, end }) => candidate.end <= start || candidate.start >= end))
        apart.push(candidate);
    }
    return apart.sort((a, b) => a.start - b.start).map((candidate, i) => this.#toVolume(candidate, i + 1));
  }

  #takeBoot(sector: Buffer, at: number): void {
    const geometry = this.#damage.hits(at, at + BOOT) ? null : parseBoot(sector);
    if (geometry === null) return;
    // The copy stands in the last sector of the partition, right behind what the boot sector calls its size.
    for (const start of [at, at - geometry.size]) {
      const votes = start < 0 ? 0 : this.#confirmNtfs(geometry, start);
      if (votes > 0) this.#add(start, start + geometry.size + geometry.sectorSize, 'NTFS', 1 + votes);
    }
  }

  /** Records of $MFT, or of its mirror, that stand where they would, and know their numbers. */
  #confirmNtfs({ mftAt, mirrorAt, recordSize }: Geometry, start: number): number {
    const record = Buffer.alloc(48);
    let confirmed = 0;
    for (const [table, count] of [
      [mftAt, RECORDS],
      [mirrorAt, 4],
    ] as const) {
      for (let number = 0; number < count; number++) {
        const at = start + table + number * recordSize;
        if (this.#damage.hits(at, at + record.length) || this.#read(record, at) < record.length) continue;
        if (record.toString('latin1', 0, 4) === 'FILE' && record.readUInt32LE(44) === number) confirmed++;
      }
    }
    return confirmed;
  }

  #takeSuperblock(bytes: Buffer, at: number): void {
    if (!hasMagic(bytes) || this.#damage.hits(at, at + SUPERBLOCK_SIZE)) return;
    try {
      const { ownGroup, firstDataBlock, blocksPerGroup, blockSize, blocks, checksumHolds } = parseSuperblock(
        bytes,
        at,
      );
      const place = ownGroup === 0 ? SUPERBLOCK_AT : (firstDataBlock + ownGroup * blocksPerGroup) * blockSize;
      if (checksumHolds && at >= place) this.#add(at - place, at - place + blocks * blockSize, 'ext', 1);
    } catch (error) {
      // The two bytes of the magic number stand in other files, too.
      if (!(error instanceof Broken)) throw error;
    }
  }

  #add(start: number, wantedEnd: number, type: string, votes: number): void {
    const end = Math.min(wantedEnd, this.#disk.size);
    if (start >= end) return;
    const key = `${type} ${start} ${end}`;
    const known = this.#candidates.get(key);
    if (known !== undefined) known.votes += votes;
    else if (this.#candidates.size < MOST) this.#candidates.set(key, { start, end, type, votes });
  }

  #toVolume({ start, end, type }: Candidate, number: number): Volume {
    const isAll = start === 0;
    return {
      name: isAll ? '' : `v${number}`,
      type: `${type}, found by its own structures`,
      label: null,
      start,
      end,
      parts: [{ start, end }],
    };
  }

  /** What can't be read counts as nothing. */
  #read(into: Uint8Array, at: number): number {
    try {
      return at < 0 || at >= this.#disk.size ? 0 : this.#disk.read(into, at);
    } catch (error) {
      if (error instanceof ReadError) return 0;
      throw error;
    }
  }
}

/** `NTFS` and the magic number of ext as numbers. */
const NTFS = 0x5346544e;
const EXT = 0xef53;

function isAligned({ start }: Range): boolean {
  return ALIGNMENTS.some((unit) => start % unit === 0);
}
