const subjects = [
  'The auditor',
  'A driver',
  'Our bakery',
  'The harbour',
  'Nobody',
  'Her neighbour',
  'The committee',
];
const verbs = ['counts', 'sells', 'remembers', 'paints', 'repairs', 'forgets', 'orders', 'measures'];
const objects = [
  'seven chairs',
  'the old ledger',
  'a box of lamps',
  'some rope',
  'fresh bread',
  'two letters',
  'the map',
];
const places = [
  'in Trieste',
  'near the mill',
  'on Monday',
  'before noon',
  'without a word',
  'behind the station',
];

/** A text of so many different lines, as a person might write it: nothing in it repeats for long. */
export function honestText(lines: number): string {
  return Array.from({ length: lines }, (_, i) => {
    const pick = (from: readonly string[], step: number) =>
      from[Math.floor(i * step + i / from.length) % from.length]!;
    return `${pick(subjects, 1)} ${pick(verbs, 3)} ${pick(objects, 2)} ${pick(places, 5)}, ${i * 37 + 11} times.\n`;
  }).join('');
}
