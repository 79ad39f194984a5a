import { accountIptc } from '../iptc.ts';
import { accountTextOrRaw } from '../short-text.ts';
import { examineStored, type Place } from '../stored.ts';
import type { Entry } from './ifd.ts';
import { placements, tags } from './tags.ts';

const ASCII = 2;

/** What the values of a tag are, where they have a grammar of their own. */
export type Grammars = ReadonlyMap<number, (place: Place) => void>;

const grammars: Grammars = new Map<number, (place: Place) => void>([
  [tags.xmp, (place) => void examineStored(place, 'metadata.xmp')],
  [tags.icc, (place) => void examineStored(place, 'profile.icc')],
  [tags.iptc, accountIptc],
]);

/** Accounts for values that stand outside of their entry. */
export function accountValues(place: Omit<Place, 'start' | 'end'>, entry: Entry, more: Grammars): void {
  if (entry.isInline) return;
  const { reader, ledger } = place;
  const [start, end] = [entry.at, entry.at + entry.size];
  const grammar = grammars.get(entry.tag) ?? more.get(entry.tag);
  if (grammar !== undefined) grammar({ ...place, start, end });
  else if (entry.type === ASCII) accountTextOrRaw(reader, ledger, start, end, `text of tag ${entry.tag}`);
  else if (placements.includes(entry.tag))
    ledger.account(start, end, 'structure', `offsets of tag ${entry.tag}`, 8);
  else ledger.raw(start, end, `values of tag ${entry.tag}`);
}
