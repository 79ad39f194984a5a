// Makes src/signs/marks/families.json from a table of families with sources:
//   node scripts/import-families.mjs TABLE.json
// Keeps facts that a source was read for; leaves out what its own list names as unverified, and markers that are hearsay.
import { readFileSync, writeFileSync } from 'node:fs';

const [table = ''] = process.argv.slice(2);
const families = JSON.parse(readFileSync(table, 'utf8'));

function verified(family, what, value) {
  return !family.unverified.includes(`${what} ${value}`);
}

function named({ type, value, specificity = 'distinct' }) {
  return { [type === 'regex' ? 'pattern' : type === 'suffix' ? 'suffix' : 'name']: value, specificity };
}

function marker({ hex, ascii, offset, offsetFromEnd, note }, key) {
  const place = key === 'at' ? offset : offsetFromEnd;
  const within = place === null ? 4096 : undefined;
  return {
    hex,
    ...(ascii === undefined ? {} : { ascii }),
    ...(place === null ? { within } : { [key]: place }),
    ...(note === undefined ? {} : { note }),
  };
}

const compact = families.map((family) => ({
  id: family.id,
  name: family.name,
  aliases: family.aliases,
  since: family.firstSeen,
  extensions: family.extensions.filter(({ value }) => verified(family, 'extension', value)).map(named),
  notes: family.noteNames.filter(({ value }) => verified(family, 'note name', value)).map(named),
  phrases: family.noteMarkers.filter((text) => text.length >= 8 && verified(family, 'note text', text)),
  headers: family.headerMarkers.filter(({ status }) => status === 'read').map((one) => marker(one, 'at')),
  trailers: family.trailerMarkers
    .filter(({ status }) => status === 'read')
    .map((one) => marker(one, 'fromEnd')),
  layouts: [family.layout, ...family.otherLayouts].filter((id) => typeof id === 'string'),
  sources: family.sources.map(({ name, title }) => (title === undefined ? name : `${name}, ${title}`)),
}));
const lines = compact.map((family) => `  ${JSON.stringify(family)}`);
writeFileSync(new URL('../src/signs/marks/families.json', import.meta.url), `[\n${lines.join(',\n')}\n]\n`);
