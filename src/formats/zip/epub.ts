import type { Archive } from './archive.ts';
import { type Kind, kindOf, type Tell } from './kind.ts';
import { verifyMimetype } from './odf.ts';
import { resolveTarget } from './targets.ts';
import { tagsOf } from './xml-tags.ts';

const CONTAINER = 'META-INF/container.xml';
const ENCRYPTION = 'META-INF/encryption.xml';
const format = kindOf('epub', 'EPUB publication', 'EPUB 3.3, section 4.2');

export const epub: Kind = {
  recognise: (archive) =>
    archive.text('mimetype')?.trim() === 'application/epub+zip' || isUnmarked(archive) ? format : null,
  sealed: sealedEntries,
  verify(archive, tell) {
    verifyMimetype(archive, tell);
    for (const tag of tagsOf(archive.text(CONTAINER) ?? '', 'rootfile')) {
      verifyPackage(archive, tag.get('full-path') ?? '', tell);
    }
  },
};

function isUnmarked(archive: Archive): boolean {
  return (
    !archive.has('mimetype') && (archive.text(CONTAINER) ?? '').includes('application/oebps-package+xml')
  );
}

/** §4.2.6.3.2: what is obfuscated or encrypted, and how. */
function sealedEntries(archive: Archive): Map<string, string> {
  const sealed = new Map<string, string>();
  for (const part of (archive.text(ENCRYPTION) ?? '')
    .split(/<(?:[\w.-]+:)?EncryptedData(?=[\s>])/)
    .slice(1)) {
    const [method] = tagsOf(part, 'EncryptionMethod');
    const [reference] = tagsOf(part, 'CipherReference');
    const path = resolveTarget('', reference?.get('URI') ?? '');
    const algorithm = method?.get('Algorithm') ?? 'unknown algorithm';
    if (path !== null) sealed.set(path, `EPUB encryption, ${algorithm}`);
  }
  return sealed;
}

/** §5.6: the resources that the package document lists are there. */
function verifyPackage(archive: Archive, path: string, tell: Tell): void {
  const text = archive.text(path);
  if (text === null) {
    tell(`no package document: ${path}`);
    return;
  }
  for (const tag of tagsOf(text, 'item')) {
    const target = resolveTarget(path, tag.get('href') ?? '');
    if (target !== null && !archive.has(target)) tell(`in the package document only: ${target}`);
  }
}
