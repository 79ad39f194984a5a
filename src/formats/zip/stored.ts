import { SliceSource } from '../../bytes/source.ts';
import type { Decoder } from '../../checks/decoder.ts';

/** Content that stands in the archive as it is. */
export const stored: Decoder = {
  decode: (reader, start, end, sink) => {
    let produced = 0;
    for (const part of reader.stream(start, end, 'stored content')) {
      produced += part.length;
      if (sink(part) === false) break;
    }
    return { consumed: produced, produced };
  },
  reopen: (reader, start, end) => new SliceSource(reader.source, start, end),
};
