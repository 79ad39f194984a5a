import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** An entry's name as text: UTF-8 where it's valid, whatever the flag says (APPNOTE appendix D), else Latin-1. */
export function nameAt(reader: Reader, { start, end }: Range): string {
  const bytes = reader.bytes(start, end - start, 'name');
  try {
    return utf8.decode(bytes);
  } catch {
    return Buffer.from(bytes).toString('latin1');
  }
}
