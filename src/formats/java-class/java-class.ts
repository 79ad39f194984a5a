import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { accountTail } from '../tail.ts';
import { ConstantPool } from './constant-pool.ts';

/** Versions begin at 45; fat Mach-O files share the magic and have a small count of architectures there. */
const FIRST_MAJOR = 45;
/** Attributes hold attributes: those of code, and of the components of records. */
const MOST_DEEP = 4;

export const javaClass: Format = {
  id: 'java-class',
  title: 'Java class',
  extensions: ['class'],
  signatures: [
    { at: 0, hex: 'cafebabe0000002d', mask: 'ffffffff0000ffff' },
    { at: 0, hex: 'cafebabe0000002e', mask: 'ffffffff0000fffe' },
    { at: 0, hex: 'cafebabe00000030', mask: 'ffffffff0000fff0' },
    { at: 0, hex: 'cafebabe00000040', mask: 'ffffffff0000fff0' },
  ],
  spec: 'The Java Virtual Machine Specification, chapter 4',
  proof: 'constant pool, members and attributes end exactly at the end of the file; bytecode stays raw',
  texture: 'plain',
  verify(reader: Reader, ledger: Ledger): void {
    const major = reader.u16be(6);
    if (major < FIRST_MAJOR || major > 255)
      throw new Broken(6, 'major version', `from ${FIRST_MAJOR}`, major);
    ledger.account(0, 10, 'structure', 'header', 8);
    const pool = new ConstantPool(reader, ledger);
    const walk = new MemberWalk(reader, ledger, pool);
    accountTail(reader, ledger, walk.walk(pool.end));
  },
};

class MemberWalk {
  readonly #reader: Reader;
  readonly #ledger: Ledger;
  readonly #pool: ConstantPool;

  constructor(reader: Reader, ledger: Ledger, pool: ConstantPool) {
    this.#reader = reader;
    this.#ledger = ledger;
    this.#pool = pool;
  }

  /** §4.1: flags, this and super class, interfaces, fields, methods, attributes. Gives where the class ends. */
  walk(start: number): number {
    const interfaces = this.#reader.u16be(start + 6);
    const fieldsAt = start + 8 + 2 * interfaces;
    this.#pool.expect(start + 2, 'class');
    for (let at = start + 8; at < fieldsAt; at += 2) this.#pool.expect(at, 'class');
    this.#ledger.account(start, fieldsAt, 'structure', 'class and interfaces', 16);
    const methodsAt = this.#walkMembers(fieldsAt);
    return this.#walkAttributes(this.#walkMembers(methodsAt), 0);
  }

  #walkMembers(start: number): number {
    const count = this.#reader.u16be(start);
    this.#ledger.account(start, start + 2, 'structure', 'members');
    let at = start + 2;
    for (let i = 0; i < count; i++) {
      this.#reader.meter.step();
      this.#pool.expect(at + 2, 'text');
      this.#pool.expect(at + 4, 'text');
      this.#ledger.account(at, at + 6, 'structure', 'members', 8);
      at = this.#walkAttributes(at + 6, 0);
    }
    return at;
  }

  /** §4.7: each with a name and a length. */
  #walkAttributes(start: number, depth: number): number {
    const count = this.#reader.u16be(start);
    this.#ledger.account(start, start + 2, 'structure', 'attributes');
    let at = start + 2;
    for (let i = 0; i < count; i++) {
      this.#reader.meter.step();
      this.#pool.expect(at, 'text');
      const end = at + 6 + this.#reader.u32be(at + 2);
      if (end > this.#reader.size)
        throw new Broken(at + 2, 'length of an attribute', `an end up to ${this.#reader.size}`, end);
      this.#ledger.account(at, at + 6, 'structure', 'attributes', 8);
      this.#ledger.raw(at + 6, end, 'attributes');
      if (this.#pool.textAt(this.#reader.u16be(at)) === 'Code' && depth < MOST_DEEP)
        this.#walkCode(at + 6, end, depth);
      at = end;
    }
    return at;
  }

  /** §4.7.3: stack, locals, code, exception table, attributes. */
  #walkCode(start: number, end: number, depth: number): void {
    const tableAt = start + 8 + this.#reader.u32be(start + 4);
    if (tableAt + 2 > end)
      throw new Broken(start + 4, 'length of code', `up to ${end - start - 10}`, tableAt - start - 8);
    const attributesAt = tableAt + 2 + 8 * this.#reader.u16be(tableAt);
    if (attributesAt + 2 > end)
      throw new Broken(tableAt, 'exception table', `an end up to ${end}`, attributesAt);
    this.#ledger.account(start, start + 8, 'structure', 'code', 12);
    const codeEnd = this.#walkAttributes(attributesAt, depth + 1);
    if (codeEnd !== end) throw new Broken(attributesAt, 'end of the code attribute', end, codeEnd);
  }
}
