import { Broken, OverBudget } from '../../bytes/errors.ts';
import { type Range, totalLength } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import { type ProtobufMessage, readProtobuf, type Schema } from '../../checks/protobuf.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { type Column, checkColumns, type Look } from './columns.ts';
import { floorOfMessage, readMessage } from './message.ts';
import { bloomFilters, rowIndex, stripeFooter } from './schema.ts';
import { accountSection, type Packing, readSection, type Section } from './section.ts';

/** Where a group of rows stands, and how many it has. */
export interface Stripe extends Range {
  readonly footer: number;
  readonly rows: number;
}

/** A type of the schema. */
export interface Type {
  readonly kind: number;
  readonly children: readonly number[];
}

interface Stream extends Range {
  readonly kind: number;
  readonly column: number;
}

/** Streams of an owner's encryption, which share their place. */
const ENCRYPTED = new Set([9, 10]);
const indexes: Readonly<Record<number, Schema>> = { 6: rowIndex, 7: bloomFilters, 8: bloomFilters };
/** Stripes whose streams are longer aren't held in memory as a whole, in bytes. */
const MOST_STRIPE = 128 << 20;

/** Accounts for the streams and the footer of a stripe (ORC specification v1, Stripes). */
export function verifyStripe(
  reader: Reader,
  ledger: Ledger,
  stripe: Stripe,
  types: readonly Type[],
  packing: Packing,
): void {
  const range = { start: stripe.footer, end: stripe.end };
  const footer = readMessage(reader, ledger, range, stripeFooter, packing);
  if (footer === null) {
    ledger.coded(stripe.start, stripe.footer, 'streams of an unknown codec');
    return;
  }
  const streams = streamsOf(footer, stripe);
  const sections = new StripeSections(reader, ledger, packing);
  for (const stream of streams) sections.open(stream, totalLength(streams) <= MOST_STRIPE);
  checkColumns(columnsOf(footer, types), stripe.rows, sections);
  sections.account();
}

/** Streams follow each other from the beginning of the stripe. */
function streamsOf(footer: ProtobufMessage, stripe: Stripe): Stream[] {
  let at = stripe.start;
  return footer.messages(1).map((each) => {
    const stream = { kind: each.number(1), column: each.number(2), start: at, end: at + each.number(3) };
    at = stream.end;
    if (at > stripe.footer) throw new Broken(stripe.footer, 'end of the streams', stripe.footer, at);
    return stream;
  });
}

function columnsOf(footer: ProtobufMessage, types: readonly Type[]): Column[] {
  const encodings = footer.messages(2);
  return types.map((type, i) => {
    const kind = encodings[i]?.number(1) ?? 0;
    return {
      ...type,
      usesDictionary: kind % 2 === 1,
      version: kind >= 2 ? 2 : 1,
      dictionarySize: encodings[i]?.number(2) ?? 0,
    };
  });
}

interface Opened {
  readonly stream: Stream;
  readonly section: Section;
  check: (content: Uint8Array) => void;
  grammarFloor: number | null;
}

/** The streams of one stripe, with what each has to hold. */
class StripeSections {
  readonly #reader: Reader;
  readonly #ledger: Ledger;
  readonly #packing: Packing;
  readonly #opened = new Map<string, Opened>();
  /** Streams that are there, but can't be looked into. */
  readonly #closed = new Set<string>();

  constructor(reader: Reader, ledger: Ledger, packing: Packing) {
    this.#reader = reader;
    this.#ledger = ledger;
    this.#packing = packing;
  }

  open(stream: Stream, fits: boolean): void {
    const { start, end, kind, column } = stream;
    const key = keyOf(column, kind);
    if (start === end) return;
    if (ENCRYPTED.has(kind)) {
      this.#ledger.protect(start, end, 'ORC column encryption');
      return;
    }
    const section = fits ? this.#attempt(end, () => readSection(this.#reader, stream, this.#packing)) : null;
    if (section === null) {
      this.#closed.add(key);
      this.#ledger.coded(start, end, 'packed stream');
      return;
    }
    const opened: Opened = { stream, section, check: () => {}, grammarFloor: null };
    this.#opened.set(key, opened);
    const schema = indexes[kind];
    if (schema === undefined) return;
    const read = this.look(column, kind, (content) => readProtobuf(content, schema, 0, this.#reader.meter));
    opened.grammarFloor = read === null ? null : floorOfMessage(read);
  }

  has(column: number, kind: number): boolean {
    const key = keyOf(column, kind);
    return this.#opened.has(key) || this.#closed.has(key);
  }

  look<T>(column: number, kind: number, look: Look<T>): T | null {
    const key = keyOf(column, kind);
    const opened = this.#opened.get(key);
    if (opened === undefined) return this.#closed.has(key) ? null : this.#attempt(0, () => look(NOTHING));
    opened.check = (content) => {
      look(content);
    };
    return this.#attempt(opened.stream.end, () => look(opened.section.content), opened.stream.start);
  }

  account(): void {
    for (const { section, ...proof } of this.#opened.values())
      accountSection(this.#reader, this.#ledger, section, this.#packing, proof);
  }

  /** Null where it contradicts, which is noted, at `start` where it was seen in what was unpacked. */
  #attempt<T>(end: number, work: () => T, start?: number): T | null {
    try {
      return work();
    } catch (error) {
      if (error instanceof OverBudget || !(error instanceof Broken)) throw error;
      const { at, what, expected, actual } = error;
      this.#ledger.broken(new Broken(start ?? at, what, expected, actual), end);
      return null;
    }
  }
}

const NOTHING = new Uint8Array(0);

function keyOf(column: number, kind: number): string {
  return `${column} ${kind}`;
}
