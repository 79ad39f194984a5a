import type { FieldKind, Schema } from '../../checks/protobuf.ts';

/** The messages of orc_proto.proto (Apache ORC specification v1). */
const message = (name: string, fields: Readonly<Record<number, FieldKind>>): Schema => ({ name, fields });

export const postScript = message('PostScript', {
  1: 'number',
  2: 'number',
  3: 'number',
  4: 'packed',
  5: 'number',
  6: 'number',
  7: 'number',
  8000: 'text',
});

const numbers = message('IntegerStatistics', { 1: 'number', 2: 'number', 3: 'number', 4: 'number' });

const columnStatistics = message('ColumnStatistics', {
  1: 'number',
  2: numbers,
  3: message('DoubleStatistics', { 1: 'fixed64', 2: 'fixed64', 3: 'fixed64' }),
  4: message('StringStatistics', { 1: 'text', 2: 'text', 3: 'number', 4: 'text', 5: 'text' }),
  5: message('BucketStatistics', { 1: 'packed' }),
  6: message('DecimalStatistics', { 1: 'text', 2: 'text', 3: 'text' }),
  7: numbers,
  8: message('BinaryStatistics', { 1: 'number' }),
  9: message('TimestampStatistics', {
    1: 'number',
    2: 'number',
    3: 'number',
    4: 'number',
    5: 'number',
    6: 'number',
  }),
  10: 'number',
  11: 'number',
  12: message('CollectionStatistics', { 1: 'number', 2: 'number', 3: 'number' }),
});

const stream = message('Stream', { 1: 'number', 2: 'number', 3: 'number' });
const encoding = message('ColumnEncoding', { 1: 'number', 2: 'number', 3: 'number' });
const pair = message('StringPair', { 1: 'text', 2: 'text' });

const encryption = message('Encryption', {
  1: message('DataMask', { 1: 'text', 2: 'text', 3: 'packed' }),
  2: message('EncryptionKey', { 1: 'text', 2: 'number', 3: 'number' }),
  3: message('EncryptionVariant', { 1: 'number', 2: 'number', 3: 'bytes', 4: stream, 5: 'bytes' }),
  4: 'number',
});

export const footer = message('Footer', {
  1: 'number',
  2: 'number',
  3: message('StripeInformation', {
    1: 'number',
    2: 'number',
    3: 'number',
    4: 'number',
    5: 'number',
    6: 'number',
    7: 'bytes',
  }),
  4: message('Type', { 1: 'number', 2: 'packed', 3: 'text', 4: 'number', 5: 'number', 6: 'number', 7: pair }),
  5: message('UserMetadataItem', { 1: 'text', 2: 'bytes' }),
  6: 'number',
  7: columnStatistics,
  8: 'number',
  9: 'number',
  10: encryption,
  11: 'number',
  12: 'text',
});

export const metadata = message('Metadata', {
  1: message('StripeStatistics', { 1: columnStatistics }),
});

export const stripeFooter = message('StripeFooter', {
  1: stream,
  2: encoding,
  3: 'text',
  4: message('StripeEncryptionVariant', { 1: stream, 2: encoding }),
});

export const rowIndex = message('RowIndex', {
  1: message('RowIndexEntry', { 1: 'packed', 2: columnStatistics }),
});

export const bloomFilters = message('BloomFilterIndex', {
  1: message('BloomFilter', { 1: 'number', 2: 'fixed64', 3: 'bytes' }),
});
