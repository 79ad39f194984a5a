import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Context } from '../format.ts';
import { accountTextOrRaw } from '../short-text.ts';
import { accountSlack } from '../slack.ts';
import { examineStored, type Place } from '../stored.ts';
import { examineTrimmed } from '../trimmed.ts';
import type { Box } from './boxes.ts';

export interface Surroundings {
  readonly reader: Reader;
  readonly ledger: Place['ledger'];
  readonly context: Context;
}

const XMP = 'be7acfcb97a942e89c71999491e3afac';
/** Digital signatures of sources (C2PA 2.1, section on BMFF), which hold JUMBF. */
const C2PA = 'd8fec3d61b0e483c92975828877ec481';

type AccountLeaf = (at: Surroundings, box: Box) => void;

/** Boxes without children, by type. */
const leaves: ReadonlyMap<string, AccountLeaf> = new Map<string, AccountLeaf>([
  ['ftyp', accountBrands],
  ['styp', accountBrands],
  ['free', accountFree],
  ['skip', accountFree],
  ['wide', accountFree],
  ['hdlr', accountHandler],
  ['uuid', accountUuid],
  ['data', accountValue],
  ['XMP_', (at, box) => examine(at, box, 'metadata.xmp')],
  ['xml ', (at, box) => examine(at, box, 'metadata.xml')],
  ['name', accountName],
  ['mean', accountName],
  ['url ', accountName],
  ['urn ', accountName],
  ['cprt', accountName],
]);

/** Accounts for the content of a box that has no children. What nobody here knows is raw. */
export function accountLeaf(at: Surroundings, box: Box): void {
  if (box.body === box.end) return;
  const account = leaves.get(box.type) ?? (box.type.startsWith('\xa9') ? accountName : null);
  if (account === null) at.ledger.raw(box.body, box.end, `box ${box.type}`);
  else account(at, box);
}

/** Section 4.3: a brand, its version, compatible brands. */
function accountBrands({ reader, ledger }: Surroundings, { body, end, type }: Box): void {
  if ((end - body) % 4 !== 0) ledger.oddity(body, `${type} has ${end - body} bytes`);
  for (let at = body; at + 4 <= end; at += at === body ? 8 : 4) {
    const brand = reader.latin1(at, 4, 'brand');
    // QuickTime fills its list with zeros.
    if (!/^[\x20-\x7e\xa9]{4}$/.test(brand) && brand !== '\0\0\0\0')
      throw new Broken(at, 'brand', 'four characters', Buffer.from(brand, 'latin1').toString('hex'));
  }
  ledger.account(body, end, 'structure', 'brands', 8);
}

function accountFree({ reader, ledger }: Surroundings, { body, end }: Box): void {
  accountSlack(reader, ledger, body, end, 'free space');
}

function accountHandler({ reader, ledger }: Surroundings, { body, end }: Box): void {
  const fixed = Math.min(end, body + 24);
  ledger.account(body, fixed, 'structure', 'handler', 12);
  accountTextOrRaw(reader, ledger, fixed, end, 'handler name');
}

function accountName({ reader, ledger }: Surroundings, { body, end }: Box): void {
  const text = Math.min(end, body + 4);
  ledger.account(body, text, 'structure', 'version and flags');
  accountTextOrRaw(reader, ledger, text, end, 'text');
}

function accountUuid(at: Surroundings, box: Box): void {
  const id = Buffer.from(at.reader.bytes(box.body - 16, 16)).toString('hex');
  if (id === XMP) examine(at, box, 'metadata.xmp');
  else at.ledger.raw(box.body, box.end, id === C2PA ? 'content credentials' : `box uuid ${id.slice(0, 8)}`);
}

const JPEG = 13;
const PNG = 14;

/** A value of iTunes metadata: its type, its locale, the value. */
function accountValue(at: Surroundings, box: Box): void {
  const { reader, ledger } = at;
  const value = box.body + 8;
  if (value > box.end) throw new Broken(box.start, 'data box', 'at least 8 bytes', box.end - box.body);
  const kind = reader.u32be(box.body);
  ledger.account(box.body, value, 'structure', 'type and locale', 8);
  if (kind === JPEG || kind === PNG)
    examine(at, { ...box, body: value }, kind === PNG ? 'cover.png' : 'cover.jpg');
  else if (kind === 1) accountTextOrRaw(reader, ledger, value, box.end, 'metadata text');
  else ledger.raw(value, box.end, 'metadata value');
}

function examine(at: Surroundings, { body, end }: Box, name: string): void {
  if (name.startsWith('metadata')) examineTrimmed({ ...at, start: body, end }, name);
  else examineStored({ ...at, start: body, end }, name);
}
