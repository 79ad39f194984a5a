import type { Notice, Snapshot } from './snapshot.ts';

/** By what the snapshots are put in order; `auto` takes what tells most. */
export const orders = ['auto', 'given', 'name', 'time'] as const;
export type Order = (typeof orders)[number];

export interface Ordered {
  /** The oldest first. */
  readonly snapshots: readonly Snapshot[];
  /** What their order was taken from, in words. */
  readonly by: string;
}

type Compare = (a: Snapshot, b: Snapshot) => number;

interface Method {
  readonly by: string;
  /** How it compares these snapshots; null where it says nothing of some. */
  readonly find: (snapshots: readonly Snapshot[]) => Compare | null;
}

const byTold: Method = {
  by: 'the times that names and info.xml tell',
  find: (all) =>
    all.every(({ timeFrom }) => timeFrom === 'name' || timeFrom === 'info.xml')
      ? (a, b) => a.time! - b.time!
      : null,
};

/** `daily.0` is the newest; what's kept by the week is older than what's kept by the day (rsnapshot). */
const byRotation: Method = {
  by: 'the numbers that names end with, which count backwards (rsnapshot)',
  find: (all) => {
    const ages = new Map(all.map((one) => [one, rotationAge(one.label)]));
    if ([...ages.values()].includes(null)) return null;
    return (a, b) => ages.get(b)! - ages.get(a)!;
  },
};

/** `snap-9` before `snap-10`, `HarddiskVolumeShadowCopy3` before the one with 4. */
const byNumber: Method = {
  by: 'the numbers in names',
  find: (all) => {
    const shapes = new Set(all.map(({ label }) => label.replace(/\d+/, '#')));
    if (shapes.size !== 1 || !all.every(({ label }) => /\d/.test(label))) return null;
    return (a, b) => numberIn(a.label) - numberIn(b.label);
  },
};

const byText: Method = {
  by: 'names as text',
  find: () => (a, b) => collator.compare(a.label, b.label),
};
const collator = new Intl.Collator('en', { numeric: true });

const byTime: Method = {
  by: 'times: of info.xml and of names, else when the folder was last modified',
  find: () => (a, b) => (a.time ?? 0) - (b.time ?? 0),
};

const asGiven: Method = { by: 'the order in which they were given', find: () => () => 0 };

const methods: Readonly<Record<Order, readonly Method[]>> = {
  auto: [byTold, byRotation, byNumber, asGiven],
  given: [asGiven],
  name: [byTold, byRotation, byNumber, byText],
  time: [byTime],
};

/** Puts the oldest first. What looks wrong with the order is added to `notices`. */
export function putInOrder(given: readonly Snapshot[], order: Order, notices: Notice[]): Ordered {
  for (const { by, find } of methods[order]) {
    const compare = find(given);
    if (compare === null) continue;
    const snapshots = given.toSorted(compare);
    notices.push(...ties(snapshots, compare, by), ...backwards(snapshots));
    return { snapshots, by };
  }
  return { snapshots: given, by: asGiven.by };
}

function ties(snapshots: readonly Snapshot[], compare: Compare, by: string): Notice[] {
  if (by === asGiven.by) return [];
  return pairs(snapshots)
    .filter(([a, b]) => compare(a, b) === 0)
    .map(([a, b]) => ({
      level: 'wrong',
      text: `${a.label} and ${b.label} have the same time: they stay in the order in which they were given`,
    }));
}

/** Only times that someone wrote down tell: folders are modified by those who copy them. */
function backwards(snapshots: readonly Snapshot[]): Notice[] {
  const told = snapshots.filter(({ timeFrom }) => timeFrom === 'name' || timeFrom === 'info.xml');
  return pairs(told)
    .filter(([a, b]) => b.time! < a.time!)
    .map(([a, b]) => ({
      level: 'wrong',
      text: `time goes backwards from ${a.label} to ${b.label}: is the order right?`,
    }));
}

function pairs(snapshots: readonly Snapshot[]): [Snapshot, Snapshot][] {
  return snapshots.slice(1).map((later, i) => [snapshots[i]!, later]);
}

const intervals = [
  'sync',
  'alpha',
  'hourly',
  'beta',
  'daily',
  'weekly',
  'gamma',
  'monthly',
  'yearly',
  'delta',
];
const MOST_KEPT = 1e6;

function rotationAge(label: string): number | null {
  const match = /(?:^|\/)([a-z]+)\.(\d{1,5})(?=\/|$)/i.exec(label);
  if (match === null) return null;
  const interval = intervals.indexOf(match[1]!.toLowerCase());
  return interval < 0 ? null : interval * MOST_KEPT + Number(match[2]);
}

function numberIn(label: string): number {
  return Number(/\d+/.exec(label)?.[0] ?? 0);
}
