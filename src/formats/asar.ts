import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { Broken, OverBudget, Truncated } from '../bytes/errors.ts';
import type { Range } from '../bytes/range.ts';
import type { Reader } from '../bytes/reader.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Context, Format } from './format.ts';
import { examineStored } from './stored.ts';
import { isZeroFilled } from './tail.ts';

const JSON_AT = 16;
const MOST_JSON = 16 << 20;
const MOST_FILES = 100_000;

export const asar: Format = {
  id: 'asar',
  title: 'Electron archive',
  extensions: ['asar'],
  signatures: [
    {
      at: 0,
      hex: `04${'00'.repeat(3)}${'00'.repeat(12)}7b2266696c6573`,
      mask: `ffffffff${'00'.repeat(12)}ffffffffffffff`,
    },
  ],
  spec: 'electron/asar README, Format; Chromium base/pickle.h',
  proof:
    'JSON of a directory whose files tile the rest; SHA-256 of files where it’s told, else each is examined',
  texture: 'packed',
  verify(reader: Reader, ledger: Ledger, context: Context): void {
    const directory = readDirectory(reader, ledger);
    const files = listFiles(reader, directory.tree, directory.end);
    let reached = directory.end;
    for (const file of files) {
      reader.meter.step();
      reached = Math.max(reached, file.end);
      accountFile(reader, ledger, context, file);
    }
    ledger.trailing(reached, reader.size);
  },
};

/** Lengths of a pickle in a pickle: of the header, its payload, the text; zeros up to the next multiple of four. */
function readDirectory(reader: Reader, ledger: Ledger): { readonly tree: unknown; readonly end: number } {
  const end = 8 + reader.u32le(4, 'size of the header');
  const length = reader.u32le(12, 'length of the directory');
  if (end > reader.size) throw new Truncated(reader.size, 'directory', end - reader.size);
  const padded = JSON_AT + Math.ceil(length / 4) * 4;
  if (reader.u32le(8) !== end - 12 || padded !== end)
    throw new Broken(4, 'lengths of the header', `${padded - 8}`, end - 8);
  if (length > MOST_JSON) throw new OverBudget('bytes of an asar directory', MOST_JSON);
  const text = reader.whole(JSON_AT, JSON_AT + length, 'directory');
  if (!isUtf8(text)) throw new Broken(JSON_AT, 'directory', 'UTF-8', 'other bytes');
  ledger.account(0, JSON_AT, 'structure', 'lengths');
  ledger.account(JSON_AT, JSON_AT + length, 'grammar', 'directory');
  if (isZeroFilled(reader, JSON_AT + length, end))
    ledger.account(JSON_AT + length, end, 'padding', 'alignment');
  try {
    return { tree: JSON.parse(text.toString('utf8')) as unknown, end };
  } catch {
    throw new Broken(JSON_AT, 'directory', 'JSON', 'something else');
  }
}

interface AsarFile extends Range {
  readonly name: string;
  /** In hexadecimal; null where the directory has none. */
  readonly sha256: string | null;
}

type Node = Readonly<Record<string, unknown>>;
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

function listFiles(reader: Reader, tree: unknown, base: number): AsarFile[] {
  const files: AsarFile[] = [];
  const open: { readonly name: string; readonly node: unknown }[] = [{ name: '', node: tree }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    reader.meter.step();
    const { name, node } = next;
    if (!isNode(node)) throw new Broken(JSON_AT, `entry of ${name}`, 'an object', typeof node);
    if (isNode(node.files)) {
      for (const [child, value] of Object.entries(node.files)) open.push({ name: child, node: value });
    } else if (node.link === undefined && node.unpacked !== true)
      files.push(fileOf(reader, name, node, base));
    if (files.length + open.length > MOST_FILES) throw new OverBudget('files of an asar archive', MOST_FILES);
  }
  return files.sort((a, b) => a.start - b.start);
}

/** Offsets are told as text, for JavaScript's numbers are too short. */
function fileOf(reader: Reader, name: string, { offset, size, integrity }: Node, base: number): AsarFile {
  const start = base + Number(offset);
  const end = start + Number(size);
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < base || end < start)
    throw new Broken(JSON_AT, `place of ${name}`, 'an offset and a size', `${offset}, ${size}`);
  if (end > reader.size) throw new Truncated(reader.size, name, end - reader.size);
  const hash = isNode(integrity) && integrity.algorithm === 'SHA256' ? integrity.hash : null;
  return { name, start, end, sha256: typeof hash === 'string' ? hash.toLowerCase() : null };
}

function accountFile(reader: Reader, ledger: Ledger, context: Context, file: AsarFile): void {
  const { name, start, end, sha256 } = file;
  if (sha256 !== null) {
    const hash = createHash('sha256');
    for (const part of reader.stream(start, end, name)) hash.update(part);
    const computed = hash.digest('hex');
    if (computed === sha256) ledger.account(start, end, 'checksum', 'SHA-256 of a file');
    else ledger.broken(new Broken(start, `SHA-256 of ${name}`, sha256, computed), end);
  }
  examineStored({ reader, ledger, context, start, end }, name);
}
