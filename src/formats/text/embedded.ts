import { lengthOf, type Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import { BufferSource } from '../../bytes/source.ts';
import { DigitCensus } from '../../checks/base64.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Context } from '../format.ts';
import { armourOf, noteArmour } from './armour.ts';
import { type Desk, type Embedded, examineBlock, protect } from './block.ts';
import { type DigitBlock, splitIntoBlocks } from './digit-blocks.ts';
import { indentedVaults, sealOf } from './seals.ts';
import { isSshKey } from './ssh-keys.ts';

/** Blocks from here on are decoded to be examined; shorter ones are keys, digests and signatures. In digits. */
const SHORTEST_MEMBER = 1024;
/** The most digits that are decoded in memory. */
const MOST_DECODED = 1 << 26;
const LONGEST_WORD = 40;
/** How far before and behind a block its labels may stand, in bytes. */
const LOOK_BACK = 4096;
const LOOK_AHEAD = 256;

/**
 * Decodes what a text holds in base64 or hexadecimal and has it examined.
 * @returns the ranges that the text doesn't account for, as their bytes may be anything or are somebody's secret
 */
export function examineDigits(
  reader: Reader,
  ledger: Ledger,
  context: Context,
  runs: readonly Range[],
): Range[] {
  const desk: Desk = {
    ledger,
    examine: (name, bytes, range) => {
      reader.meter.produce(bytes.length);
      return context.examine(name, new BufferSource(bytes), { start: range.start, end: range.end });
    },
  };
  const vaults = /\.ya?ml\b/i.test(context.name) ? [...indentedVaults(reader)] : [];
  for (const { start, end } of vaults) ledger.protect(start, end, 'ansible-vault AES256');
  const taken = runs.flatMap((run) => {
    if (lengthOf(run) <= MOST_DECODED)
      return [...blocksOf(reader, run)].filter((block) => !isText(desk, block));
    ledger.unexamined(run.start, run.end, 'more base64 or hexadecimal in one place than is decoded');
    return [run];
  });
  return [...vaults, ...taken];
}

function* blocksOf(reader: Reader, run: Range): Generator<Embedded> {
  const bytes = cutLastWord(reader, run, readRun(reader, run));
  for (const block of splitIntoBlocks(bytes)) {
    reader.meter.step();
    const embedded = embeddedIn(reader, run, bytes, block);
    if (embedded !== null) yield embedded;
  }
}

function readRun(reader: Reader, { start, end }: Range): Buffer {
  const bytes = Buffer.allocUnsafe(end - start);
  let at = 0;
  for (const part of reader.stream(start, end, 'digits')) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Where text goes on in the same line, the last line of the run is a word of it. */
function cutLastWord(reader: Reader, { end }: Range, bytes: Buffer): Buffer {
  const lastLine = bytes.lastIndexOf(0x0a);
  if (lastLine < 0 || end >= reader.size || bytes.length - lastLine > LONGEST_WORD) return bytes;
  return ' \t.,:;!?'.includes(String.fromCharCode(reader.u8(end))) ? bytes.subarray(0, lastLine + 1) : bytes;
}

/** A block whose digits are so uneven that they are words or numbers, and that nothing announces, is none. */
function embeddedIn(reader: Reader, run: Range, bytes: Buffer, block: DigitBlock): Embedded | null {
  const digits = bytes.subarray(block.start, block.end);
  const start = run.start + block.start;
  const end = run.start + block.end;
  const from = Math.max(0, start - LOOK_BACK);
  const before = reader.latin1(from, start - from, 'text before a block');
  const after = reader.latin1(end, Math.min(LOOK_AHEAD, reader.size - end), 'text behind a block');
  const census = new DigitCensus();
  census.push(digits);
  census.finish();
  const alphabet = census.isHex ? 'hex' : 'base64';
  const embedded: Embedded = { start, end, digits, alphabet, before, after, checksum: block.checksum };
  return census.isEven || isAnnounced(before) || sealOf(embedded) !== null ? embedded : null;
}

function isAnnounced(before: string): boolean {
  return isMimePart(before) || armourOf(before) !== null || /;base64,\s*$/.test(before);
}

/** RFC 2045 §6.8: the headers of the part end with an empty line. */
function isMimePart(before: string): boolean {
  return /\n\r?\n$/.test(before) && /content-transfer-encoding:\s*base64/i.test(lastParagraph(before));
}

function lastParagraph(before: string): string {
  const text = before.replaceAll('\r', '').trimEnd();
  return text.slice(text.lastIndexOf('\n\n') + 1);
}

/** Whether the text accounts for the block; if not, what it is has been noted. */
function isText(desk: Desk, block: Embedded): boolean {
  const armour = armourOf(block.before);
  if (armour !== null) return noteArmour(desk, block, armour);
  const seal = sealOf(block);
  if (seal !== null) return protect(desk, block, seal);
  if (isSshKey(block)) return true;
  if (block.digits.length < SHORTEST_MEMBER && !isAnnounced(block.before) && isAside(desk, block))
    return true;
  return examineBlock(desk, block, nameOf(block));
}

/** A short value amid other text, as keys and signatures are; alone it is all that the file says. */
function isAside({ ledger }: Desk, block: Embedded): boolean {
  return lengthOf(block) * 2 < ledger.size;
}

/** The name that the headers of a MIME part give (RFC 2183), or the place. */
function nameOf({ before, alphabet, start }: Embedded): string {
  const headers = isMimePart(before) ? lastParagraph(before) : '';
  const name = /\b(?:file)?name="?([^"\n;/\\]{1,200})"?/i.exec(headers)?.[1];
  return name?.trim() ?? `${alphabet}@${start}`;
}
