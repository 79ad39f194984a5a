import { Broken, OverBudget, Truncated } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { accountOther, walkChunks } from './audio/chunks.ts';
import type { Context, Format } from './format.ts';
import { accountTail } from './tail.ts';

const HEADER = 12;

interface Row {
  readonly id: string;
  readonly title: string;
  readonly extensions: readonly string[];
  /** The types of FORM, of four characters each. */
  readonly types: readonly string[];
  readonly spec: string;
}

/** Chunked files after EA IFF 85: a FORM of a type, and in it chunks. Audio Interchange has a verifier of its own. */
export const iffFormats: readonly Format[] = [
  row('iff-8svx', 'Amiga sampled sound', ['8svx', 'svx', 'iff'], ['8SVX', '16SV'], 'EA IFF 85, 8SVX'),
  row('iff-ilbm', 'Amiga image', ['ilbm', 'lbm', 'iff', 'ham'], ['ILBM', 'PBM ', 'ACBM'], 'EA IFF 85, ILBM'),
  row('lightwave', 'LightWave object', ['lwo'], ['LWO2', 'LWOB', 'LWO3'], 'LightWave 3D Object File Format'),
  row('modo', 'Modo scene', ['lxo'], ['LXOB', 'LXPR'], 'Luxology, LXO file format'),
];

function row(
  ...[id, title, extensions, types, spec]: [
    Row['id'],
    Row['title'],
    Row['extensions'],
    Row['types'],
    Row['spec'],
  ]
): Format {
  return {
    id,
    title,
    extensions,
    signatures: types.map((type) => ({
      at: 0,
      hex: `464f524d00000000${Buffer.from(type, 'latin1').toString('hex')}`,
      mask: 'ffffffff00000000ffffffff',
    })),
    spec,
    proof: 'chunks tile the file, as long as the form says; what they hold by contrast',
    texture: 'plain',
    verify: verifyForm,
  };
}

function verifyForm(reader: Reader, ledger: Ledger, context: Context): void {
  const size = reader.u32be(4, 'FORM size');
  reader.bytes(0, HEADER, 'FORM header');
  ledger.account(0, HEADER, 'structure', 'FORM header');
  const end = 8 + size;
  if (end > reader.size) ledger.broken(new Truncated(reader.size, 'FORM', end - reader.size));
  const place = { reader, ledger, context, start: HEADER, end: Math.min(end, reader.size) };
  try {
    for (const { type, body, end: chunkEnd } of walkChunks(place, { isBig: true, align: 2 }))
      accountOther({ ...place, start: body, end: chunkEnd }, type);
  } catch (error) {
    if (error instanceof OverBudget || !(error instanceof Broken)) throw error;
    ledger.broken(error);
  }
  if (end < reader.size) accountTail(reader, ledger, end);
}
