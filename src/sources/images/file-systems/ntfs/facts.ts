import type { ByteSource } from '../../../../bytes/source.ts';
import type { NoticeList } from '../notice-list.ts';
import { readBoot } from './geometry.ts';
import type { Ground } from './ground.ts';
import { u16 } from './little-endian.ts';
import { attributeValue, firstAttribute, nextAttribute, typeOf, types } from './record.ts';
import type { Records } from './records.ts';

const VOLUME = 3;
const DIRTY = 1;

/** What the record of $Volume says. */
export interface VolumeFacts {
  readonly label: string | null;
  readonly version: string;
  readonly isDirty: boolean;
}

export function readVolumeFacts(records: Records): VolumeFacts {
  const record = records.record(VOLUME);
  const name = record === null ? null : valueOfType(record, types.volumeName);
  const information = record === null ? null : valueOfType(record, types.volumeInformation);
  const isKnown = information !== null && information.length >= 12;
  return {
    label: name === null || name.length === 0 ? null : Buffer.from(name).toString('utf16le'),
    version: isKnown ? `${information[8]}.${information[9]}` : 'unknown',
    isDirty: isKnown && (u16(information, 10) & DIRTY) !== 0,
  };
}

function valueOfType(record: Uint8Array, type: number): Uint8Array | null {
  for (let at = firstAttribute(record); at > 0; at = nextAttribute(record, at)) {
    if (typeOf(record, at) === type) return attributeValue(record, at);
  }
  return null;
}

export function factsOf({ geometry }: Ground, { version }: VolumeFacts): Map<string, string> {
  return new Map([
    ['version', version],
    ['serial number', geometry.serial],
    ['size', `${geometry.size} bytes`],
    ['sector', `${geometry.sectorSize} bytes`],
    ['cluster', `${geometry.clusterSize} bytes`],
    ['clusters', String(geometry.clusters)],
    ['file record', `${geometry.recordSize} bytes`],
    ['$MFT', `byte ${geometry.mftAt}`],
    ['$MFTMirr', `byte ${geometry.mirrorAt}`],
  ]);
}

/** libyal, Volume Shadow Snapshot format: the header's place and its GUID. */
const SHADOWS = { at: 0x1e00, guid: Buffer.from('6b8708387648b148b7ae04046e6cc752', 'hex') };

export function tellVolume(notices: NoticeList, volume: ByteSource, facts: VolumeFacts): void {
  notices.note('the journal ($LogFile) is not replayed');
  if (facts.isDirty)
    notices.wrong('the volume was not cleanly dismounted: its newest changes may be missing');
  const sector = readBoot(volume, SHADOWS.at);
  if (sector !== null && Buffer.from(sector).subarray(0, 16).equals(SHADOWS.guid)) {
    notices.note('the volume may have shadow copies, which are not read');
  }
}
