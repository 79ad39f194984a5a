import { Broken, OverBudget, Truncated } from '../bytes/errors.ts';
import type { Reader } from '../bytes/reader.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { accountOther, walkChunks } from './audio/chunks.ts';
import type { Context, Format } from './format.ts';
import { accountTail } from './tail.ts';

const HEADER = 12;

interface FormKind {
  readonly id: string;
  readonly title: string;
  readonly extensions: readonly string[];
  /** The types of FORM, of four characters each. */
  readonly types: readonly string[];
  readonly spec: string;
}

const kinds: readonly FormKind[] = [
  {
    id: 'iff-8svx',
    title: 'Amiga sampled sound',
    extensions: ['8svx', 'svx', 'iff'],
    types: ['8SVX', '16SV'],
    spec: 'EA IFF 85, 8SVX',
  },
  {
    id: 'iff-maud',
    title: 'MacroSystem audio',
    extensions: ['maud'],
    types: ['MAUD'],
    spec: 'MacroSystem, MAUD format',
  },
  {
    id: 'iff-ilbm',
    title: 'Amiga image',
    extensions: ['ilbm', 'lbm', 'iff', 'ham'],
    types: ['ILBM', 'PBM ', 'ACBM'],
    spec: 'EA IFF 85, ILBM',
  },
  {
    id: 'lightwave',
    title: 'LightWave object',
    extensions: ['lwo'],
    types: ['LWO2', 'LWOB', 'LWO3'],
    spec: 'LightWave 3D Object File Format',
  },
  {
    id: 'modo',
    title: 'Modo scene',
    extensions: ['lxo'],
    types: ['LXOB', 'LXPR'],
    spec: 'Luxology, LXO file format',
  },
];

/** Chunked files after EA IFF 85: a FORM of a type, and in it chunks. Audio Interchange has a verifier of its own. */
export const iffFormats: readonly Format[] = kinds.map(({ types, ...kind }) => ({
  ...kind,
  signatures: types.map((type) => ({
    at: 0,
    hex: `464f524d00000000${Buffer.from(type, 'latin1').toString('hex')}`,
    mask: 'ffffffff00000000ffffffff',
  })),
  proof: 'chunks tile the file, as long as the form says; what they hold by contrast',
  texture: 'plain',
  verify: verifyForm,
}));

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
