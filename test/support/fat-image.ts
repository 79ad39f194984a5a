/** Names and contents; a name with `/` in it lies in a folder, unless the slash is written as `\u2215`, which becomes a slash in the name itself. */
export type FatFiles = Readonly<Record<string, Uint8Array>>;

const SECTOR = 512;
const ROOT_ENTRIES = 512;
const ROOT_SECTORS = (ROOT_ENTRIES * 32) / SECTOR;
const FOLDER = 0x10;
const LONG_NAME = 0x0f;
/** 2023-11-14 22:13:20, as FAT has it. */
const DATE = ((2023 - 1980) << 9) | (11 << 5) | 14;
const TIME = (22 << 11) | (13 << 5) | 10;

/** A FAT12 volume of its own making (Microsoft, FAT32 specification): clusters of one sector, one FAT, long names. */
export function buildFat(files: FatFiles, sectors = 2880): Buffer {
  return new FatBuilder(sectors).build(files);
}

/** A disk with a master boot record, and the volumes behind each other from sector 128 on. */
export function buildDisk(...volumes: readonly Buffer[]): Buffer {
  const record = Buffer.alloc(128 * SECTOR);
  let sector = 128;
  for (const [i, volume] of volumes.entries()) {
    const at = 446 + 16 * i;
    record[at + 4] = 0x01;
    record.writeUInt32LE(sector, at + 8);
    record.writeUInt32LE(volume.length / SECTOR, at + 12);
    sector += volume.length / SECTOR;
  }
  record.writeUInt16LE(0xaa55, 510);
  return Buffer.concat([record, ...volumes]);
}

class FatBuilder {
  readonly #image: Buffer;
  readonly #fatSectors: number;
  readonly #dataAt: number;
  #nextCluster = 2;
  #short = 0;

  constructor(sectors: number) {
    this.#image = Buffer.alloc(sectors * SECTOR);
    this.#fatSectors = Math.ceil((sectors * 1.5) / SECTOR);
    this.#dataAt = (1 + this.#fatSectors + ROOT_SECTORS) * SECTOR;
    this.#writeBootSector(sectors);
    this.#link(0, 0xff8);
    this.#link(1, 0xfff);
  }

  build(files: FatFiles): Buffer {
    const root = this.#directory(Object.entries(files), 0);
    root.copy(this.#image, (1 + this.#fatSectors) * SECTOR);
    return this.#image;
  }

  #writeBootSector(sectors: number): void {
    const boot = this.#image;
    Buffer.from([0xeb, 0x3c, 0x90]).copy(boot);
    boot.write('MSDOS5.0', 3, 'latin1');
    boot.writeUInt16LE(SECTOR, 11);
    boot[13] = 1;
    boot.writeUInt16LE(1, 14);
    boot[16] = 1;
    boot.writeUInt16LE(ROOT_ENTRIES, 17);
    boot.writeUInt16LE(sectors, 19);
    boot[21] = 0xf8;
    boot.writeUInt16LE(this.#fatSectors, 22);
    boot[38] = 0x29;
    boot.write('TEST       FAT12   ', 43, 'latin1');
    boot.writeUInt16LE(0xaa55, 510);
  }

  #directory(files: readonly (readonly [string, Uint8Array])[], parent: number): Buffer {
    const folders = new Map<string, [string, Uint8Array][]>();
    const entries: Buffer[] = [];
    for (const [name, bytes] of files) {
      const slash = name.indexOf('/');
      if (slash < 0) entries.push(this.#entry(name, 0x20, this.#store(bytes), bytes.length));
      else {
        const folder = name.slice(0, slash);
        const inside = folders.get(folder) ?? [];
        inside.push([name.slice(slash + 1), bytes]);
        folders.set(folder, inside);
      }
    }
    for (const [name, inside] of folders) entries.push(this.#folder(name, inside, parent));
    return Buffer.concat(entries);
  }

  #folder(name: string, inside: [string, Uint8Array][], parent: number): Buffer {
    const first = this.#nextCluster;
    const clusters = Math.ceil((2 + inside.length * 22) / 16);
    this.#chain(clusters);
    const dots = Buffer.concat([
      this.#shortEntry('.          ', FOLDER, first, 0),
      this.#shortEntry('..         ', FOLDER, parent, 0),
    ]);
    const contents = Buffer.concat([dots, this.#directory(inside, first)]);
    contents.copy(this.#image, this.#placeOf(first));
    return this.#entry(name, FOLDER, first, 0);
  }

  #store(bytes: Uint8Array): number {
    if (bytes.length === 0) return 0;
    const first = this.#nextCluster;
    this.#chain(Math.ceil(bytes.length / SECTOR));
    this.#image.set(bytes, this.#placeOf(first));
    return first;
  }

  #chain(clusters: number): void {
    for (let i = 0; i < clusters; i++) {
      const cluster = this.#nextCluster++;
      this.#link(cluster, i === clusters - 1 ? 0xfff : cluster + 1);
    }
  }

  #placeOf(cluster: number): number {
    return this.#dataAt + (cluster - 2) * SECTOR;
  }

  /** Twelve bits for each cluster. */
  #link(cluster: number, next: number): void {
    const at = SECTOR + Math.floor(cluster * 1.5);
    const old = this.#image.readUInt16LE(at);
    this.#image.writeUInt16LE(cluster % 2 === 0 ? (old & 0xf000) | next : (old & 0x000f) | (next << 4), at);
  }

  #entry(name: string, attributes: number, cluster: number, size: number): Buffer {
    const short = `F${String(this.#short++).padStart(7, '0')}DAT`;
    const units = `${name.replaceAll('\u2215', '/')}\0`;
    const parts: Buffer[] = [];
    for (let i = 0; i * 13 < units.length; i++) {
      parts.unshift(longEntry(units.slice(i * 13, i * 13 + 13), i + 1, (i + 1) * 13 >= units.length, short));
    }
    return Buffer.concat([...parts, this.#shortEntry(short, attributes, cluster, size)]);
  }

  #shortEntry(name: string, attributes: number, cluster: number, size: number): Buffer {
    const entry = Buffer.alloc(32);
    entry.write(name, 'latin1');
    entry[11] = attributes;
    for (const at of [14, 22]) entry.writeUInt16LE(TIME, at);
    for (const at of [16, 18, 24]) entry.writeUInt16LE(DATE, at);
    entry.writeUInt16LE(cluster, 26);
    entry.writeUInt32LE(size, 28);
    return entry;
  }
}

const PLACES = [1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30];

function longEntry(units: string, order: number, isLast: boolean, short: string): Buffer {
  const entry = Buffer.alloc(32);
  entry[0] = isLast ? order | 0x40 : order;
  entry[11] = LONG_NAME;
  entry[13] = Buffer.from(short, 'latin1').reduce(
    (sum, byte) => (((sum & 1) << 7) + (sum >> 1) + byte) & 0xff,
    0,
  );
  for (const [i, at] of PLACES.entries())
    entry.writeUInt16LE(i < units.length ? units.charCodeAt(i) : 0xffff, at);
  return entry;
}
