import type { Archive } from './archive.ts';
import { MOST_DIGESTED, verifyDigest } from './digests.ts';
import { type Kind, kindOf, type Tell } from './kind.ts';

const format = kindOf('whl', 'Python wheel', 'Python packaging: binary distribution format');

export const wheel: Kind = {
  recognise: (archive) => (isWheel(archive) ? format : null),
  verify: verifyRecord,
};

function isWheel(archive: Archive): boolean {
  for (const name of archive.names) if (/^[^/]+\.dist-info\/(METADATA|WHEEL|RECORD)$/.test(name)) return true;
  return false;
}

function recordOf(archive: Archive): string | undefined {
  for (const name of archive.names) if (/^[^/]+\.dist-info\/RECORD$/.test(name)) return name;
  return undefined;
}

/** Every file but the record itself is listed, with its SHA-256. */
function verifyRecord(archive: Archive, tell: Tell): void {
  const record = recordOf(archive);
  if (record === undefined) tell('no RECORD');
  if (record === undefined || archive.unpackedSize > MOST_DIGESTED) return;
  const listed = new Set<string>();
  for (const line of (archive.text(record) ?? '').split(/\r?\n/)) {
    archive.reader.meter.step();
    const [, quoted, plain, algorithm, digest] =
      /^(?:"([^"]*)"|([^",]*)),(?:([\w-]+)=([\w=-]+))?,/.exec(line) ?? [];
    const name = quoted ?? plain;
    if (name === undefined) continue;
    listed.add(name);
    if (algorithm !== undefined && digest !== undefined) verifyDigest(archive, name, algorithm, digest, tell);
  }
  for (const name of archive.names) {
    if (!name.endsWith('/') && !name.startsWith(record) && !listed.has(name)) tell(`not in RECORD: ${name}`);
  }
}
