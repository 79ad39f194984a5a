import type { Archive } from './archive.ts';
import { MOST_DIGESTED, verifyDigest } from './digests.ts';
import { type Kind, kindOf, type Tell } from './kind.ts';

const MANIFEST = 'META-INF/MANIFEST.MF';
const apk = kindOf('apk', 'Android package', 'Android application package; APK Signature Scheme v2', [
  'apk',
  'aab',
]);
const war = kindOf('war', 'Java web archive', 'Jakarta Servlet 6.0, chapter 10');
const archiveOfJava = kindOf('jar', 'Java archive', 'JAR File Specification', ['jar', 'ear']);

export const android: Kind = {
  recognise: (archive) =>
    archive.has('AndroidManifest.xml') || archive.has('base/manifest/AndroidManifest.xml') ? apk : null,
  verify: verifyManifest,
};

export const jar: Kind = {
  recognise(archive) {
    if (!archive.has(MANIFEST)) return null;
    return archive.has('WEB-INF/web.xml') ? war : archiveOfJava;
  },
  verify: verifyManifest,
};

/** Signed archives list a digest for each entry: a second checksum (JAR File Specification, "JAR Manifest"). */
function verifyManifest(archive: Archive, tell: Tell): void {
  const manifest = archive.text(MANIFEST);
  if (manifest === null || archive.unpackedSize > MOST_DIGESTED) return;
  // A line that begins with a space goes on with the one before.
  const sections = manifest.replaceAll(/\r?\n /g, '').split(/(?:\r?\n){2,}/);
  for (const section of sections) {
    archive.reader.meter.step();
    const name = /^Name: *(.*)$/m.exec(section)?.[1]?.trim();
    if (name === undefined) continue;
    for (const [, algorithm, digest] of section.matchAll(/^([\w-]+?)-Digest: *(\S+)/gm)) {
      verifyDigest(archive, name, algorithm!, digest!, tell);
    }
  }
}
