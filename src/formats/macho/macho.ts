import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { accountStrings } from '../elf/strings.ts';
import type { Context, Format } from '../format.ts';
import { accountTail } from '../tail.ts';
import { verifyCodeSignature } from './code-signature.ts';

const command = { segment: 1, symbols: 2, segment64: 25, signature: 0x1d } as const;

export const macho: Format = {
  id: 'mach-o',
  title: 'Mach-O object',
  extensions: ['dylib', 'o', 'bundle', 'macho', 'kext', 'so'],
  signatures: [
    { at: 0, hex: 'cefaedfe' },
    { at: 0, hex: 'cffaedfe' },
    { at: 0, hex: 'feedface' },
    { at: 0, hex: 'feedfacf' },
  ],
  spec: 'Apple, mach-o/loader.h and mach-o/nlist.h; xnu, kern/cs_blobs.h',
  proof:
    'load commands tile their room; pages are proved by the code signature, where there is one: else code stays raw',
  texture: 'plain',
  verify(reader: Reader, ledger: Ledger, context: Context): void {
    new MachImage(reader, ledger, context).verify();
  },
};

class MachImage {
  readonly #reader: Reader;
  readonly #ledger: Ledger;
  readonly #context: Context;
  readonly #isBig: boolean;
  readonly #isWide: boolean;
  #end: number;

  constructor(reader: Reader, ledger: Ledger, context: Context) {
    this.#reader = reader;
    this.#ledger = ledger;
    this.#context = context;
    this.#isBig = reader.u8(0) === 0xfe;
    this.#isWide = reader.u8(this.#isBig ? 3 : 0) === 0xcf;
    this.#end = 0;
  }

  verify(): void {
    const headerSize = this.#isWide ? 32 : 28;
    const count = this.#u32(16);
    const commandsEnd = headerSize + this.#u32(20);
    if (commandsEnd > this.#reader.size)
      throw new Truncated(this.#reader.size, 'load commands', commandsEnd - this.#reader.size);
    this.#ledger.account(0, headerSize, 'structure', 'header', 16);
    this.#end = commandsEnd;
    let at = headerSize;
    for (let i = 0; i < count; i++) at = this.#verifyCommand(at, commandsEnd);
    if (at !== commandsEnd)
      throw new Broken(20, 'size of the load commands', at - headerSize, commandsEnd - headerSize);
    this.#ledger.account(headerSize, commandsEnd, 'structure', 'load commands', 128);
    accountTail(this.#reader, this.#ledger, Math.min(this.#end, this.#reader.size));
  }

  #verifyCommand(at: number, end: number): number {
    this.#reader.meter.step();
    const type = this.#u32(at);
    const size = this.#u32(at + 4);
    if (size < 8 || size % 4 !== 0 || at + size > end)
      throw new Broken(at + 4, 'size of a load command', `8 to ${end - at}`, size);
    if (type === command.segment) this.#takeRange(this.#u32(at + 32), this.#u32(at + 36), 'segments');
    if (type === command.segment64) this.#takeRange(this.#u64(at + 40), this.#u64(at + 48), 'segments');
    if (type === command.symbols) this.#takeSymbols(at);
    if (type === command.signature) this.#takeSignature(this.#u32(at + 8), this.#u32(at + 12));
    return at + size;
  }

  #takeRange(start: number, length: number, what: string): void {
    if (length === 0) return;
    if (start + length > this.#reader.size)
      throw new Truncated(this.#reader.size, what, start + length - this.#reader.size);
    this.#end = Math.max(this.#end, start + length);
    this.#ledger.raw(start, start + length, what);
  }

  /** nlist.h: symbols point into the string table. */
  #takeSymbols(at: number): void {
    const [symbolsAt, count, stringsAt, length] = [8, 12, 16, 20].map((i) => this.#u32(at + i)) as [
      number,
      number,
      number,
      number,
    ];
    const size = this.#isWide ? 16 : 12;
    this.#takeRange(symbolsAt, count * size, 'symbols');
    this.#takeRange(stringsAt, length, 'strings');
    for (let i = 0; i < count; i++) {
      this.#reader.meter.step();
      const name = this.#u32(symbolsAt + i * size);
      if (name >= length)
        throw new Broken(symbolsAt + i * size, 'name of a symbol', `less than ${length}`, name);
    }
    this.#ledger.account(symbolsAt, symbolsAt + count * size, 'structure', 'symbols', 40);
    if (length > 0) accountStrings(this.#reader, this.#ledger, stringsAt, stringsAt + length, 'symbol names');
  }

  #takeSignature(start: number, length: number): void {
    this.#takeRange(start, length, 'code signature');
    const [reader, ledger, context] = [this.#reader, this.#ledger, this.#context];
    verifyCodeSignature({ reader, ledger, context, start, end: start + length });
  }

  #u32(at: number): number {
    return this.#isBig ? this.#reader.u32be(at) : this.#reader.u32le(at);
  }

  #u64(at: number): number {
    return this.#isBig ? this.#reader.u64be(at) : this.#reader.u64le(at);
  }
}
