import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context, Format } from '../format.ts';
import { examineMember } from '../member.ts';
import { accountTail } from '../tail.ts';
import { METADATA, SquashBlocks } from './blocks.ts';
import { codecs } from './codecs.ts';
import { type Fragment, SquashContent } from './content.ts';
import { readInodes, readNames, type SquashFile } from './inodes.ts';
import { readSuperblock, SUPERBLOCK, type Superblock } from './superblock.ts';

export const squashfs: Format = {
  id: 'squashfs',
  title: 'SquashFS image',
  extensions: ['squashfs', 'sqfs', 'sfs', 'snap'],
  signatures: [{ at: 0, hex: `68737173${'00'.repeat(24)}0400`, mask: `ffffffff${'00'.repeat(24)}ffff` }],
  spec: 'Squashfs Binary Format 4.0',
  proof:
    'Adler-32 or CRC-32 of blocks packed by zlib or xz; others by their decoder; files examined; blocks that aren’t packed by contrast',
  texture: 'dense',
  verify(reader: Reader, ledger: Ledger, context: Context): void {
    const superblock = readSuperblock(reader);
    accountSuperblock(ledger);
    const codec = codecs[superblock.codec];
    if (codec === undefined) {
      ledger.coded(SUPERBLOCK, superblock.end, 'packed blocks');
      ledger.unexamined(SUPERBLOCK, superblock.end, `packed by method ${superblock.codec}`);
    } else new SquashImage(new SquashBlocks(reader, ledger, codec), context, superblock).walk();
    accountTail(reader, ledger, superblock.end);
  },
};

/** The time of the image, bytes 8 to 12, is any. */
function accountSuperblock(ledger: Ledger): void {
  ledger.account(0, 8, 'structure', 'superblock');
  ledger.account(12, 32, 'structure', 'superblock', 12);
  ledger.account(32, SUPERBLOCK, 'structure', 'places of the tables', 16);
}

class SquashImage {
  readonly #blocks: SquashBlocks;
  readonly #context: Context;
  readonly #super: Superblock;
  /** The fragment block that was read last: files that share one follow each other. */
  #fragment: { readonly index: number; readonly bytes: Uint8Array } | null = null;

  constructor(blocks: SquashBlocks, context: Context, superblock: Superblock) {
    this.#blocks = blocks;
    this.#context = context;
    this.#super = superblock;
  }

  walk(): void {
    const { reader } = this.#blocks;
    const { inodes, directories, inodeCount, blockSize, hasOptions } = this.#super;
    if (hasOptions) this.#blocks.metadata(SUPERBLOCK, inodes);
    const fragments = this.#readFragments();
    const ids = this.#readLookup(this.#super.ids, this.#super.idCount * 4);
    const exported =
      this.#super.exports === null ? null : this.#readLookup(this.#super.exports, inodeCount * 8);
    const directoryEnd = Math.min(
      ...[fragments.first, ids.first, exported?.first].filter((at) => at !== undefined),
    );
    const files = readInodes(
      this.#blocks.table(inodes, directories).bytes,
      inodeCount,
      blockSize,
      reader.meter,
    );
    const names = readNames(this.#blocks.table(directories, directoryEnd).bytes, reader.meter);
    if (this.#super.xattrs !== null) this.#leaveAttributes(this.#super.xattrs);
    for (const file of files)
      this.#takeFile(file, names.get(file.inode) ?? `inode ${file.inode}`, fragments.list);
  }

  /** A table that is found through places of its metadata blocks (§1.3). Gives where its first block stands, too. */
  #readLookup(at: number, length: number): { readonly bytes: Buffer; readonly first: number } {
    const { reader, ledger } = this.#blocks;
    const count = Math.ceil(length / METADATA);
    const parts: Uint8Array[] = [];
    let first = at;
    for (let i = 0; i < count; i++) {
      reader.meter.step();
      const place = reader.u64le(at + 8 * i, 'place of a metadata block');
      if (place < SUPERBLOCK || place >= at)
        throw new Broken(at + 8 * i, 'place of a metadata block', `less than ${at}`, place);
      first = Math.min(first, place);
      parts.push(this.#blocks.metadata(place, at).bytes);
    }
    ledger.account(at, at + 8 * count, 'structure', 'places of metadata blocks', 8);
    const bytes = Buffer.concat(parts);
    if (bytes.length !== length) throw new Broken(at, 'length of a table', length, bytes.length);
    return { bytes, first };
  }

  #readFragments(): { readonly list: readonly Fragment[]; readonly first: number } {
    const { fragments, fragmentCount, end } = this.#super;
    if (fragments === null || fragmentCount === 0) return { list: [], first: fragments ?? end };
    const { bytes, first } = this.#readLookup(fragments, fragmentCount * 16);
    const list = Array.from({ length: fragmentCount }, (_, i) => ({
      at: Number(bytes.readBigUInt64LE(16 * i)),
      size: bytes.readUInt32LE(16 * i + 8),
    }));
    return { list, first };
  }

  #leaveAttributes(at: number): void {
    this.#blocks.ledger.unexamined(at, this.#super.end, 'extended attributes of an image');
  }

  #takeFile(file: SquashFile, name: string, fragments: readonly Fragment[]): void {
    const { ledger } = this.#blocks;
    if (file.size === 0) return;
    try {
      const content = new SquashContent(
        this.#blocks,
        file,
        this.#super.blockSize,
        this.#tailOf(file, fragments),
      );
      content.check();
      examineMember(this.#context, ledger, name, content, content.range);
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      ledger.broken(error);
    }
  }

  #tailOf({ size, fragment, fragmentOffset }: SquashFile, fragments: readonly Fragment[]): Uint8Array {
    if (fragment === null) return new Uint8Array(0);
    const found = fragments[fragment];
    if (found === undefined)
      throw new Broken(0, 'fragment of a file', `at most ${fragments.length}`, fragment);
    const { blockSize } = this.#super;
    if (this.#fragment?.index !== fragment) {
      this.#fragment = { index: fragment, bytes: this.#blocks.data(found.at, found.size, blockSize) };
    }
    return this.#fragment.bytes.subarray(fragmentOffset, fragmentOffset + (size % blockSize));
  }
}
