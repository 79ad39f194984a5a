import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { accountCommands } from './commands.ts';

export const redisAof: Format = {
  id: 'redis-aof',
  title: 'Redis log of commands',
  extensions: ['aof'],
  signatures: [],
  spec: 'Redis source, aof.c; Redis serialization protocol, arrays of bulk strings',
  proof: 'commands and their arguments follow each other by their lengths; binary values stay raw',
  texture: 'plain',
  recognise: (head: Uint8Array) =>
    /^(?:#TS:\d+\r\n)?\*\d{1,7}\r\n\$\d{1,10}\r\n/.test(Buffer.from(head.subarray(0, 64)).toString('latin1')),
  verify(reader: Reader, ledger: Ledger): void {
    accountCommands(reader, ledger, 0);
  },
};
