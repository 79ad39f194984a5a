import { Triples } from '../../checks/text-bytes.ts';
import type { Family, Mark } from './family.ts';

/** Longer texts are no notes. */
export const LONGEST_NOTE = 65_536;
const SHORTEST_NOTE = 100;

/** What notes of all families say; each group counts once. Five of them don't meet in honest text of that length. */
const talk: readonly RegExp[] = [
  /\b(?:files|data|documents|network|servers|databases)\b.{0,40}\b(?:encrypted|locked|crypted)\b|\bencrypted\b.{0,40}\b(?:files|data)\b/,
  /\bdecrypt(?:ion|or|er)?\b/,
  /\.onion\b|\btor browser\b|\btorproject\.org\b/,
  /\b(?:bitcoins?|btc|monero|xmr)\b/,
  /\b(?:ransom|pay(?:ment)? (?:us|for|the)|price (?:of|for|depends)|amount of money)\b/,
  /\b(?:do not|don'?t|never|not)\b.{0,40}\b(?:rename|modify|third[ -]party|try to (?:decrypt|recover|restore)|contact (?:the )?(?:police|fbi|authorities))/,
  /\b(?:personal|your|client|unique|decryption) (?:id|key|identifier)\b/,
  /\b(?:leak|publish|stolen|exfiltrated|downloaded)\b.{0,80}\b(?:data|files|information|documents)\b|\bdata\b.{0,40}\b(?:stolen|leaked|published|exfiltrated)\b/,
  /\bcontact us\b|\bwrite (?:to )?us\b|\be-?mail us\b|\bqtox\b|\bprotonmail\b|\bonionmail\b|\btutanota\b/,
  /\b(?:restore|recover|return|unlock|get back)\b.{0,30}\b(?:files|data|network|infrastructure|documents)\b/,
];
/** Without any of these a text is no note: most texts are passed over at once. */
const keywords = /crypt|\.onion|ransom|bitcoin|stolen|leaked/i;
/** One triple of each keyword: most texts have none of these, which is told faster than that they have no keyword. */
const triples = new Triples(['ypt', '.on', 'nso', 'tco', 'tol', 'eak']);
const ENOUGH_TALK = 5;
const SOME_TALK = 2;

/** Phrases of notes, made ready. */
export class NotePhrases {
  readonly #phrases: readonly { readonly family: string; readonly phrase: string }[];

  constructor(families: readonly Family[]) {
    this.#phrases = families.flatMap(({ name, phrases }) =>
      phrases.map((phrase) => ({ family: name, phrase: normalise(phrase) })),
    );
  }

  /** What a text says that only ransom notes say; null if it's no note. */
  find(bytes: Uint8Array): Mark | null {
    if (bytes.length < SHORTEST_NOTE || bytes.length > LONGEST_NOTE) return null;
    const isWide = bytes[0] === 0xff && bytes[1] === 0xfe;
    if (!isWide && !(triples.isIn(bytes) && keywords.test(latin1Of(bytes)))) return null;
    // What isn't valid is of no use to a search for phrases.
    const text = new TextDecoder(isWide ? 'utf-16le' : 'utf-8').decode(bytes);
    if (isWide && !keywords.test(text)) return null;
    const plain = normalise(text);
    const score = talk.filter((pattern) => pattern.test(plain)).length;
    if (score < SOME_TALK) return null;
    const hits = this.#phrases.filter(({ phrase }) => plain.includes(phrase));
    if (hits.length === 0 && score < ENOUGH_TALK) return null;
    const families = [...new Set(hits.map(({ family }) => family))];
    const strong = score >= ENOUGH_TALK || (score >= SOME_TALK + 1 && hits.length > 0);
    return {
      kind: 'note-text',
      families,
      text: hits[0]?.phrase ?? 'demands, threats and ways to pay',
      at: null,
      strong,
    };
  }
}

/** Several times faster than to decode UTF-8, and the same in ASCII, in which the keywords are. */
function latin1Of(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

/** Without tags and case, white space as single spaces. */
function normalise(text: string): string {
  return text
    .replace(/<[^<>]{0,500}>/g, ' ')
    .replace(/\s+/g, ' ')
    .toLowerCase();
}
