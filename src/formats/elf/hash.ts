import { Broken } from '../../bytes/errors.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Image, Section } from './layout.ts';

/** Names of C++ templates reach some ten thousand bytes. */
const LONGEST_NAME = 1 << 18;

/**
 * Recomputes the hashes of the GNU hash table from the names of the dynamic symbols, so that names and table prove
 * each other. @throws Broken
 */
export function accountGnuHash(image: Image, ledger: Ledger, section: Section): void {
  const { words, sections } = image;
  const symbols = sections[section.link];
  const strings = symbols === undefined ? undefined : sections[symbols.link];
  if (symbols === undefined || strings === undefined) return;
  const [buckets, first, filterWords] = [0, 4, 8].map((at) => words.u32(section.start + at)) as [
    number,
    number,
    number,
  ];
  const filterAt = section.start + 16;
  const bucketsAt = filterAt + filterWords * words.size;
  const chainsAt = bucketsAt + 4 * buckets;
  const symbolSize = words.wide ? 24 : 16;
  const count = (symbols.end - symbols.start) / symbolSize;
  if (chainsAt > section.end)
    throw new Broken(section.start, 'size of the hash table', section.end, chainsAt);
  const names = words.reader.within(strings.start, strings.end);
  for (let i = first; i < count && buckets > 0; i++) {
    words.reader.meter.step();
    const at = chainsAt + 4 * (i - first);
    if (at + 4 > section.end) break;
    const name = words.u32(symbols.start + i * symbolSize);
    const hash = hashName(names.bytes(name, Math.min(names.size - name, LONGEST_NAME), 'symbol name'));
    const stored = words.u32(at);
    if ((stored | 1) >>> 0 !== (hash | 1) >>> 0) throw new Broken(at, 'hash of a symbol name', hash, stored);
  }
  ledger.account(section.start, filterAt, 'structure', 'hash table header', 16);
  ledger.raw(filterAt, bucketsAt, 'hash table filter');
  ledger.account(bucketsAt, section.end, 'structure', 'hash table', 8);
}

/** Bernstein's hash over the bytes of a name. */
function hashName(name: Uint8Array): number {
  let hash = 5381;
  for (let at = 0; at < name.length && name[at] !== 0; at++) hash = (Math.imul(hash, 33) + name[at]!) >>> 0;
  return hash;
}

/** System V hash table: every index is that of a symbol. @throws Broken */
export function accountHash(image: Image, ledger: Ledger, section: Section): void {
  const { words } = image;
  // Alpha and s390x keep 64-bit entries.
  if (section.entrySize === 8) {
    ledger.raw(section.start, section.end, 'hash table');
    return;
  }
  const buckets = words.u32(section.start);
  const chains = words.u32(section.start + 4);
  const end = section.start + 8 + 4 * (buckets + chains);
  if (end > section.end) throw new Broken(section.start, 'size of the hash table', section.end, end);
  for (let at = section.start + 8; at < end; at += 4) {
    words.reader.meter.step();
    const index = words.u32(at);
    if (index >= chains) throw new Broken(at, 'index in the hash table', `less than ${chains}`, index);
  }
  ledger.account(section.start, end, 'structure', 'hash table', 12);
}
