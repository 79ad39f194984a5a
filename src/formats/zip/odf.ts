import type { KnownFormat } from '../format.ts';
import type { Archive } from './archive.ts';
import { type Kind, kindOf, type Tell } from './kind.ts';
import { tagsOf } from './xml-tags.ts';

const MIMETYPE = 'mimetype';
const MANIFEST = 'META-INF/manifest.xml';
const PREFIX = 'application/vnd.oasis.opendocument.';
const SPEC = 'OASIS OpenDocument 1.3 part 2';

/** Documents by the rest of their media type (OpenDocument 1.3 part 2, appendix C). */
const documents: Readonly<Record<string, KnownFormat>> = {
  text: kindOf('odt', 'OpenDocument text', SPEC),
  'text-template': kindOf('ott', 'OpenDocument text template', SPEC),
  'text-master': kindOf('odm', 'OpenDocument master document', SPEC),
  'text-web': kindOf('oth', 'OpenDocument web page', SPEC),
  spreadsheet: kindOf('ods', 'OpenDocument spreadsheet', SPEC),
  'spreadsheet-template': kindOf('ots', 'OpenDocument spreadsheet template', SPEC),
  presentation: kindOf('odp', 'OpenDocument presentation', SPEC),
  'presentation-template': kindOf('otp', 'OpenDocument presentation template', SPEC),
  graphics: kindOf('odg', 'OpenDocument drawing', SPEC),
  'graphics-template': kindOf('otg', 'OpenDocument drawing template', SPEC),
  chart: kindOf('odc', 'OpenDocument chart', SPEC),
  formula: kindOf('odf', 'OpenDocument formula', SPEC),
  image: kindOf('odi', 'OpenDocument image', SPEC),
  database: kindOf('odb', 'OpenDocument database', SPEC),
  base: kindOf('odb', 'OpenDocument database', SPEC),
};

const others: Readonly<Record<string, KnownFormat>> = {
  'application/vnd.sun.xml.writer': kindOf('sxw', 'OpenOffice.org text', 'OpenOffice.org XML 1.0'),
  'application/vnd.sun.xml.calc': kindOf('sxc', 'OpenOffice.org spreadsheet', 'OpenOffice.org XML 1.0'),
  'application/vnd.sun.xml.impress': kindOf('sxi', 'OpenOffice.org presentation', 'OpenOffice.org XML 1.0'),
  'application/x-krita': kindOf('kra', 'Krita image', 'Krita file format'),
  'image/openraster': kindOf('ora', 'OpenRaster image', 'OpenRaster 0.0.6'),
};

/** OpenDocument and others that follow its package rules. */
export const openDocument: Kind = {
  recognise(archive) {
    const type = archive.text(MIMETYPE)?.trim() ?? rootType(archive);
    if (type.startsWith(PREFIX)) return documents[type.slice(PREFIX.length)] ?? documents.text!;
    return others[type] ?? null;
  },
  sealed(archive) {
    const sealed = new Map<string, string>();
    const manifest = archive.text(MANIFEST) ?? '';
    for (const entry of manifest.split(/<(?:[\w.-]+:)?file-entry(?=\s)/).slice(1)) {
      if (!/<(?:[\w.-]+:)?encryption-data[\s>]/.test(entry)) continue;
      const path = /full-path\s*=\s*["']([^"']*)["']/.exec(entry)?.[1];
      const algorithm = /algorithm-name\s*=\s*["']([^"']*)["']/.exec(entry)?.[1];
      if (path !== undefined)
        sealed.set(path, `OpenDocument encryption, ${algorithm?.replace(/^.*[#:]/, '') ?? ''}`);
    }
    return sealed;
  },
  verify(archive, tell) {
    verifyMimetype(archive, tell);
    verifyManifest(archive, tell);
  },
};

function rootType(archive: Archive): string {
  for (const tag of tagsOf(archive.text(MANIFEST) ?? '', 'file-entry')) {
    if (tag.get('full-path') === '/') return tag.get('media-type') ?? '';
  }
  return '';
}

/** Part 2 §3.3: first in the file, stored, without extra field, so that its text stands at offset 38. */
export function verifyMimetype(archive: Archive, tell: Tell): void {
  const header = archive.header(MIMETYPE);
  if (header === undefined || archive.first !== MIMETYPE) tell('mimetype is not the first entry');
  else if (header.method !== 0) tell('mimetype is packed');
  else if (!archive.reader.has(archive.offsetOf(header) + 38, archive.text(MIMETYPE) ?? '')) {
    tell('mimetype has an extra field');
  }
}

/** Part 2 §3.2: every file, but for those of META-INF and the mimetype, is listed; nothing else is. */
function verifyManifest(archive: Archive, tell: Tell): void {
  const listed = new Set<string>();
  for (const tag of tagsOf(archive.text(MANIFEST) ?? '', 'file-entry'))
    listed.add(tag.get('full-path') ?? '');
  if (listed.size === 0) return;
  for (const name of archive.names) {
    if (name.endsWith('/') || name === MIMETYPE || name.startsWith('META-INF/') || listed.has(name)) continue;
    tell(`not in the manifest: ${name}`);
  }
  for (const path of listed) {
    if (!path.endsWith('/') && !archive.has(path)) tell(`in the manifest only: ${path}`);
  }
}
