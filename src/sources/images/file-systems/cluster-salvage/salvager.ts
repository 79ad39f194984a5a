import type { ByteSource } from '../../../../bytes/source.ts';
import type { Salvager } from '../../file-system.ts';
import type { ClusterRecord } from '../cluster-walk.ts';
import { Damage } from '../damage.ts';
import { NoticeList } from '../notice-list.ts';
import type { SalvageDialect } from './dialect.ts';
import { ClusterSalvage } from './salvage.ts';

/** What is known of a volume by its boot sectors, one of which may be lost. */
export interface FoundLayout<Layout> {
  readonly layout: Layout;
  readonly isCopy: boolean;
}

/** How FAT and exFAT begin: with a layout, of which there may be a copy. */
export interface ClusterKind<Layout, Record extends ClusterRecord> {
  readonly id: string;
  /** What tells the layout, in words. */
  readonly boot: string;
  findLayout(volume: ByteSource, damage: Damage): FoundLayout<Layout> | null;
  dialectOf(volume: ByteSource, layout: Layout, damage: Damage, notices: NoticeList): SalvageDialect<Record>;
}

export function clusterSalvager<Layout, Record extends ClusterRecord>(
  kind: ClusterKind<Layout, Record>,
): Salvager {
  return {
    id: kind.id,
    recognise: (volume, damage) => kind.findLayout(volume, new Damage(damage)) !== null,
    salvage: (volume, damage) => salvage(kind, volume, new Damage(damage)),
  };
}

function salvage<Layout, Record extends ClusterRecord>(
  { boot, findLayout, dialectOf }: ClusterKind<Layout, Record>,
  volume: ByteSource,
  damage: Damage,
): ReturnType<Salvager['salvage']> {
  const notices = new NoticeList();
  const found = findLayout(volume, damage);
  if (found === null) {
    notices.wrong(`neither the ${boot} is left, nor its copy`);
    return { notices: notices.list, entries: [] };
  }
  if (found.isCopy) notices.note(`the ${boot} is lost; its copy is used`);
  const dialect = dialectOf(volume, found.layout, damage, notices);
  return { notices: notices.list, entries: new ClusterSalvage(dialect, damage).entries() };
}
