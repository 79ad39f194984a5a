/** What a reparse point makes of a file. */
export interface ReparseKind {
  readonly tag: number;
  /** `elsewhere`: what the clusters lack stands somewhere else, as the text says. */
  readonly kind: 'link' | 'special' | 'elsewhere';
  readonly text: string;
}

/** [MS-FSCC] §2.1.2.1. Tags that say nothing about where contents stand aren't here. */
const kinds: readonly ReparseKind[] = [
  { tag: 0xa0000003, kind: 'link', text: 'junction' },
  { tag: 0xa000000c, kind: 'link', text: 'symbolic link' },
  { tag: 0xa000001d, kind: 'link', text: 'symbolic link of Linux' },
  { tag: 0x8000001b, kind: 'link', text: 'link to an application' },
  { tag: 0x80000023, kind: 'special', text: 'socket' },
  { tag: 0x80000024, kind: 'special', text: 'pipe' },
  { tag: 0x80000025, kind: 'special', text: 'character device' },
  { tag: 0x80000026, kind: 'special', text: 'block device' },
  { tag: 0x80000017, kind: 'elsewhere', text: 'compressed by Windows (WOF), which is not decoded' },
  { tag: 0x80000013, kind: 'elsewhere', text: 'deduplicated by Windows: its contents are in another store' },
  { tag: 0x80000007, kind: 'elsewhere', text: 'a single instance store holds its contents' },
  { tag: 0x80000008, kind: 'elsewhere', text: 'a WIM image holds its contents' },
  { tag: 0xc0000004, kind: 'elsewhere', text: 'moved to other storage (HSM)' },
  { tag: 0x80000006, kind: 'elsewhere', text: 'moved to other storage (HSM)' },
  { tag: 0x80000021, kind: 'elsewhere', text: 'its contents are in the cloud (OneDrive)' },
];

const CLOUD = 0x9000001a;
/** Cloud files carry their provider in these bits. */
const PROVIDER = 0x0000f000;

export function reparseKind(tag: number): ReparseKind {
  const known = kinds.find((kind) => kind.tag === tag);
  if (known !== undefined) return known;
  if ((tag & ~PROVIDER) >>> 0 === CLOUD)
    return { tag, kind: 'elsewhere', text: 'its contents are in the cloud' };
  return {
    tag,
    kind: 'elsewhere',
    text: `a reparse point of unknown tag 0x${tag.toString(16)} stands for its contents`,
  };
}
