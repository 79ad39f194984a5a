import { examine } from '../../examine/examine.ts';
import type { WatchedMember } from '../../examine/examiner.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Finder } from '../item.ts';
import { isTainted, type Provability, provenByContainer, provenByItself } from '../provable.ts';

/** Members that are remembered between the two passes. */
const MOST = 100_000;

interface Seen {
  /** In the order in which members were examined. */
  readonly number: number;
  readonly name: string;
  readonly size: number;
  readonly container: Ledger;
  readonly inside: Ledger;
  readonly range: { readonly start: number; readonly end: number };
  readonly own: Provability | null;
  readonly isTainted: boolean;
}

/**
 * Files inside any container that has a verifier: tapes, cabinets, 7z, mail, pictures in documents. One is proved by its own
 * format throughout, or by its container's checksum over it. What is inside a member that isn't proved is looked at by itself.
 *
 * The first pass finds out what is proved, as a container's checksum is known only at its end; the second gives the bytes.
 */
export const members: Finder = {
  suits: ({ examination }) => examination.evidence.ledger.memberCounts.size > 0,

  find({ source, options }, take) {
    const seen: Seen[] = [];
    const { evidence } = examine(source, {
      ...options,
      watch: (member) => {
        if (seen.length < MOST) seen.push(lookAt(member, seen.length));
      },
    });
    const chosen = choose(seen, evidence.ledger);
    let number = 0;
    let isWanted = true;
    examine(source, {
      ...options,
      watch: ({ name, source: content, range }) => {
        const item = chosen.get(number++);
        if (item === undefined || !isWanted) return;
        if (item.seen.name !== name || item.seen.size !== content.size) return;
        const { proof, floor } = item.proven;
        isWanted = take({
          kind: 'member',
          name: item.path,
          size: content.size,
          ranges: item.isDirect ? [range] : [],
          proof,
          floor,
          source: content,
        });
      },
    });
  },
};

function lookAt({ name, source, range, container, examination }: WatchedMember, number: number): Seen {
  return {
    number,
    name,
    size: source.size,
    container,
    inside: examination.evidence.ledger,
    range,
    own: provenByItself(examination),
    isTainted: isTainted(examination),
  };
}

interface Chosen {
  readonly seen: Seen;
  readonly path: string;
  readonly proven: Provability;
  /** Whether it stands in the file itself, not in a member of it. */
  readonly isDirect: boolean;
}

/** Attempts that were given up have ledgers that nobody refers to: their members aren't reached from here. */
function choose(seen: readonly Seen[], top: Ledger): Map<number, Chosen> {
  const byContainer = new Map<Ledger, Seen[]>();
  for (const member of seen) {
    const there = byContainer.get(member.container);
    if (there === undefined) byContainer.set(member.container, [member]);
    else there.push(member);
  }
  const chosen = new Map<number, Chosen>();
  const open = [{ ledger: top, folder: '', isDirect: true }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { ledger, folder: above, isDirect } = next;
    for (const member of byContainer.get(ledger) ?? []) {
      const path = `${above}${member.name === '' ? `unnamed-${member.number}` : member.name}`;
      const proven = member.own ?? (member.isTainted ? null : provenByContainer(ledger, member.range));
      if (proven !== null && member.size > 0)
        chosen.set(member.number, { seen: member, path, proven, isDirect });
      else open.push({ ledger: member.inside, folder: `${path}/`, isDirect: false });
    }
  }
  return chosen;
}
