import { createHash } from 'node:crypto';
import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Range } from '../../bytes/range.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Format } from '../format.ts';
import { accountTailTags } from '../tags/tail-tags.ts';

/** From this version on a descriptor stands first. */
const WITH_DESCRIPTOR = 3980;
const DESCRIPTOR = 52;

export const monkeysAudio: Format = {
  id: 'ape',
  title: "Monkey's Audio",
  extensions: ['ape'],
  signatures: [{ at: 0, hex: '4d414320' }],
  spec: "Monkey's Audio SDK, APEInfo.h",
  proof: 'MD5 over header, seek table and all frames from version 3.98 on; else the seek table only',
  texture: 'dense',
  verify(reader, ledger, context): void {
    const limit = accountTailTags({ reader, ledger, context, start: 0, end: reader.size });
    const version = reader.u16le(4, 'version');
    if (version < 3000 || version > 4200) throw new Broken(4, 'version', '3000–4200', version);
    if (version < WITH_DESCRIPTOR) {
      ledger.account(0, 6, 'structure', 'signature and version');
      ledger.coded(Math.min(32, limit), limit, 'frames');
      return;
    }
    const parts = readParts(reader);
    const end = parts.terminating.end;
    if (end > limit) throw new Truncated(limit, 'frames', end - limit);
    const stored = Buffer.from(reader.bytes(36, 16)).toString('hex');
    ledger.account(0, DESCRIPTOR, 'structure', 'descriptor', 36);
    if (/^0+$/.test(stored)) ledger.coded(parts.header.start, end, 'frames');
    else {
      const sum = sumUp(reader, [parts.wave, parts.frames, parts.terminating, parts.header, parts.seekTable]);
      if (sum !== stored) throw new Broken(36, 'MD5 of the file', stored, sum);
      ledger.account(parts.header.start, end, 'checksum', 'MD5 of the file');
    }
    ledger.trailing(end, limit);
  },
};

interface Parts {
  readonly header: Range;
  readonly seekTable: Range;
  readonly wave: Range;
  readonly frames: Range;
  readonly terminating: Range;
}

/** The descriptor tells the lengths of the parts, which follow it in this order. */
function readParts(reader: Reader): Parts {
  let at = reader.u32le(8, 'descriptor length');
  if (at < DESCRIPTOR || at > 4096) throw new Broken(8, 'descriptor length', DESCRIPTOR, at);
  const part = (length: number): Range => {
    const start = at;
    at += length;
    return { start, end: at };
  };
  return {
    header: part(reader.u32le(12)),
    seekTable: part(reader.u32le(16)),
    wave: part(reader.u32le(20)),
    frames: part(reader.u32le(28) * 2 ** 32 + reader.u32le(24)),
    terminating: part(reader.u32le(32)),
  };
}

function sumUp(reader: Reader, parts: readonly Range[]): string {
  const hash = createHash('md5');
  for (const { start, end } of parts) {
    for (const part of reader.stream(start, end, 'part of the file')) {
      reader.meter.step();
      hash.update(part);
    }
  }
  return hash.digest('hex');
}
