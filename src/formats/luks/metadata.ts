import { Broken } from '../../bytes/errors.ts';

/** What is used of the JSON area (LUKS2 On-Disk Format §3). Offsets in bytes. */
export interface Luks2Metadata {
  readonly slotsStart: number;
  readonly slotsEnd: number;
  /** Where the volume begins. */
  readonly volume: number;
  /** Cipher and key derivations. */
  readonly strength: string;
}

type Json = Readonly<Record<string, unknown>>;

/** @param at where the text stands, for contradictions */
export function parseMetadata(text: string, at: number): Luks2Metadata {
  const root = parseObject(text, at);
  const slots = Object.values(objectOf(root.keyslots)).map(objectOf);
  const segments = Object.values(objectOf(root.segments)).map(objectOf);
  const areas = slots.map((slot) => objectOf(slot.area));
  const volume = Math.min(...segments.map((segment) => numberOf(segment.offset)));
  if (!Number.isFinite(volume)) throw new Broken(at, 'segments', 'at least one', 0);
  const starts = areas.map((area) => numberOf(area.offset));
  const ends = areas.map((area) => numberOf(area.offset) + numberOf(area.size));
  const derivations = slots.map((slot) => String(objectOf(slot.kdf).type ?? ''));
  const keys = slots.map((slot) => numberOf(slot.key_size) * 8);
  const bits = keys.length === 0 ? '' : `${Math.max(...keys)} bits`;
  const cipher = segments.map((segment) => String(segment.encryption ?? ''))[0] ?? '';
  const strength = [cipher, bits, ...new Set(derivations)].filter((part) => part !== '').join(', ');
  return { slotsStart: Math.min(volume, ...starts), slotsEnd: Math.max(0, ...ends), volume, strength };
}

function parseObject(text: string, at: number): Json {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    // The only error is that of the grammar; the place in the text tells no more.
    throw new Broken(at, 'JSON area', 'JSON', text.slice(0, 16));
  }
}

function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

/** §3.1: 64-bit numbers are decimal strings. */
function numberOf(value: unknown): number {
  const number = Number(value);
  return Number.isSafeInteger(number) && number >= 0 ? number : 0;
}
