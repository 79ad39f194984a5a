import type { Range } from '../../../../bytes/range.ts';
import type { ClusterRecord } from '../cluster-walk.ts';
import type { Damage } from '../damage.ts';
import { reasonOf } from '../notice-list.ts';
import { PageCache } from '../page-cache.ts';
import type { RecordParser, SalvageDialect } from './dialect.ts';

/** Bytes that are judged together; damage is overwritten by sectors. */
export const PIECE = 512;

/** A record, and whether a part of its name may be among what was hit before it. */
export interface Survivor<Record> {
  readonly record: Record;
  readonly isNamed: boolean;
}

/** The entries of folders in the pieces that weren't hit. */
export class SurvivingRecords<Record extends ClusterRecord> {
  readonly blocks: PageCache;
  /** Pieces of folders that were hit. */
  lost = 0;
  readonly #dialect: SalvageDialect<Record>;
  readonly #damage: Damage;

  constructor(dialect: SalvageDialect<Record>, damage: Damage) {
    this.#dialect = dialect;
    this.#damage = damage;
    this.blocks = new PageCache(dialect.clusters.volume, 8192);
  }

  /** Where the folder's table is lost, a notice tells that the rest is missing. */
  *of(folder: number, places: Iterable<Range>): Generator<Survivor<Record>> {
    let parser = this.#dialect.parser();
    let isBehindGap = false;
    try {
      for (const at of pieces(places)) {
        if (this.#damage.hits(at, at + PIECE)) {
          this.lost++;
          isBehindGap = true;
          parser = this.#dialect.parser();
          continue;
        }
        for (const survivor of this.#in(parser, at, isBehindGap)) {
          isBehindGap = false;
          if (survivor !== null) yield survivor;
        }
        if (parser.ended) return;
      }
    } catch (error) {
      this.#dialect.notices.wrong(`the rest of the folder at cluster ${folder} is lost: ${reasonOf(error)}`);
    }
  }

  /** Null for what's deleted, or can't be. */
  *#in(parser: RecordParser<Record>, at: number, isBehindGap: boolean): Generator<Survivor<Record> | null> {
    // The parser keeps entries until a name is whole.
    const bytes = Buffer.from(this.blocks.bytes(at, PIECE, 'folder'));
    let mayLackName = isBehindGap;
    for (const record of parser.parse(bytes, at)) {
      const isNamed = !mayLackName || record.metadata.length > 1;
      mayLackName = false;
      yield record.deleted || !this.#dialect.isSound(record) ? null : { record, isNamed };
    }
  }
}

function* pieces(places: Iterable<Range>): Generator<number> {
  for (const { start, end } of places) for (let at = start; at + PIECE <= end; at += PIECE) yield at;
}
