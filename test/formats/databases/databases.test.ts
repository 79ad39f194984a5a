import { describe, expect, it } from 'vitest';
import { examine } from '../../../src/examine/examine.ts';
import { bson } from '../../../src/formats/bson.ts';
import type { Format } from '../../../src/formats/format.ts';
import { levelDbLog } from '../../../src/formats/leveldb/log.ts';
import { levelDbTable, pebbleTable } from '../../../src/formats/leveldb/table.ts';
import { ariaControl, ariaData, ariaIndex } from '../../../src/formats/mysql/aria.ts';
import { mysqlBinlog } from '../../../src/formats/mysql/binlog.ts';
import { myisamIndex, mysqlFrm } from '../../../src/formats/mysql/definition.ts';
import { innodb } from '../../../src/formats/mysql/innodb.ts';
import { berkeleyDb } from '../../../src/formats/page-stores/berkeley.ts';
import { duckdb } from '../../../src/formats/page-stores/duckdb.ts';
import { accdb, access } from '../../../src/formats/page-stores/jet.ts';
import { lmdb } from '../../../src/formats/page-stores/lmdb.ts';
import { pgControl } from '../../../src/formats/postgres/control.ts';
import { pgCopy } from '../../../src/formats/postgres/copy.ts';
import { pgDump } from '../../../src/formats/postgres/dump.ts';
import { pgFilenode } from '../../../src/formats/postgres/filenode.ts';
import { pgHeap } from '../../../src/formats/postgres/heap.ts';
import { pgWal } from '../../../src/formats/postgres/wal.ts';
import { prefetch } from '../../../src/formats/prefetch.ts';
import { redisAof } from '../../../src/formats/redis/aof.ts';
import { redisRdb } from '../../../src/formats/redis/rdb.ts';
import { type CorpusFile, corpusFiles } from '../../support/corpus.ts';
import { add, overwrite, random, type Tally } from '../../support/overwrites.ts';
import { contradictions, verifyAlone } from '../../support/verify.ts';

/** Formats, the corpus types that hold them, and which files of those types are of the format. */
const rows: readonly (readonly [Format, readonly string[], (file: CorpusFile) => boolean])[] = [
  [pgHeap, ['pg-heap'], () => true],
  [pgWal, ['pg-wal'], () => true],
  [pgControl, ['pg-control'], () => true],
  [pgFilenode, ['pg-filenode'], () => true],
  [pgCopy, ['pg-copy'], () => true],
  [pgDump, ['pg-dump'], ({ bytes }) => bytes[0] === 0x50 && bytes[1] === 0x47],
  [innodb, ['mysql-ibd'], () => true],
  [mysqlBinlog, ['mysql-binlog'], () => true],
  [mysqlFrm, ['mysql-frm'], () => true],
  [myisamIndex, ['mysql-myi'], () => true],
  [ariaData, ['mysql-mad'], () => true],
  [ariaIndex, ['mysql-mai'], () => true],
  [ariaControl, ['mysql-aria-ctl'], () => true],
  [redisRdb, ['redis-rdb'], () => true],
  [redisAof, ['redis-aof'], ({ name }) => name.endsWith('.aof')],
  [levelDbTable, ['leveldb-ldb'], () => true],
  [pebbleTable, ['sst'], () => true],
  [levelDbLog, ['leveldb-log', 'leveldb-manifest', 'log'], ({ name }) => !name.includes('ycsb')],
  [lmdb, ['lmdb'], () => true],
  [berkeleyDb, ['bdb'], () => true],
  [access, ['mdb'], () => true],
  [accdb, ['accdb'], () => true],
  [duckdb, ['duckdb'], () => true],
  [bson, ['bson'], () => true],
  [prefetch, ['pf'], ({ bytes }) => bytes[0] !== 0x4d],
];

describe.each(rows.map(([format, types, isOne]) => ({ id: format.id, format, types, isOne })))(
  '$id',
  ({ format, types, isOne }) => {
    const genuine = [...corpusFiles('genuine', ...types)].filter(isOne);

    it('accounts for every real file without contradiction', () => {
      for (const { name, bytes } of genuine) {
        expect([name, contradictions(verifyAlone(format, bytes))]).toEqual([name, []]);
      }
    });

    it('comes to an end on every malformed file', () => {
      for (const { bytes } of corpusFiles('malformed', ...types)) verifyAlone(format, bytes);
    });

    it('claims nothing that an overwrite of the floor’s length would pass', () => {
      let total: Tally = { overwrites: 0, noticed: 0, open: 0, belowFloor: 0, missed: 0 };
      for (const { bytes } of genuine.filter(({ bytes }) => bytes.length < 200_000).slice(0, 4)) {
        for (const length of [16, 64, 512, 4096, 8192])
          total = add(total, overwrite(format, bytes, length, 20, length));
      }
      expect(total.missed).toBe(0);
    });

    it('is not safe with a page of random bytes in it', () => {
      const next = random(7);
      for (const { name, bytes } of genuine.filter(({ bytes }) => bytes.length >= 16_384).slice(0, 3)) {
        for (const size of [4096, 8192, 16_384].filter((size) => size <= bytes.length)) {
          const pages = Math.floor(bytes.length / size);
          const at = size * Math.floor(next() * pages);
          const copy = Uint8Array.from(bytes);
          for (let i = at; i < at + size; i++) copy[i] = next() * 256;
          const { judgement } = examine(copy, { name });
          expect([name, size, at, judgement.restore === 'yes']).toEqual([name, size, at, false]);
        }
      }
    });
  },
);
