import type { KnownFormat } from '../format.ts';
import type { Archive } from './archive.ts';
import { type Kind, kindOf, type Tell } from './kind.ts';
import { resolveTarget } from './targets.ts';
import { tagsOf } from './xml-tags.ts';

const TYPES = '[Content_Types].xml';
const OOXML = 'ECMA-376 part 2';

/** What a package is, by the content type of its main part, in the order in which they are looked for. */
const mainTypes: readonly (readonly [RegExp, KnownFormat])[] = [
  [/wordprocessingml\.document\.main/, kindOf('docx', 'Word document', OOXML)],
  [/ms-word\.document\.macroEnabled\.main/, kindOf('docm', 'Word document with macros', OOXML)],
  [/wordprocessingml\.template\.main/, kindOf('dotx', 'Word template', OOXML)],
  [/ms-word\.template\.macroEnabledTemplate\.main/, kindOf('dotm', 'Word template with macros', OOXML)],
  [/ms-excel\.sheet\.binary\.macroEnabled\.main/, kindOf('xlsb', 'Excel binary workbook', 'MS-XLSB')],
  [/spreadsheetml\.sheet\.main/, kindOf('xlsx', 'Excel workbook', OOXML)],
  [/ms-excel\.sheet\.macroEnabled\.main/, kindOf('xlsm', 'Excel workbook with macros', OOXML)],
  [/spreadsheetml\.template\.main/, kindOf('xltx', 'Excel template', OOXML)],
  [/ms-excel\.template\.macroEnabled\.main/, kindOf('xltm', 'Excel template with macros', OOXML)],
  [/ms-excel\.addin\.macroEnabled\.main/, kindOf('xlam', 'Excel add-in', OOXML)],
  [/presentationml\.presentation\.main/, kindOf('pptx', 'PowerPoint presentation', OOXML)],
  [/ms-powerpoint\.presentation\.macroEnabled/, kindOf('pptm', 'PowerPoint presentation with macros', OOXML)],
  [/presentationml\.template\.main/, kindOf('potx', 'PowerPoint template', OOXML)],
  [/ms-powerpoint\.template\.macroEnabled/, kindOf('potm', 'PowerPoint template with macros', OOXML)],
  [/presentationml\.slideshow\.main/, kindOf('ppsx', 'PowerPoint show', OOXML)],
  [/ms-powerpoint\.slideshow\.macroEnabled/, kindOf('ppsm', 'PowerPoint show with macros', OOXML)],
  [/ms-powerpoint\.addin\.macroEnabled/, kindOf('ppam', 'PowerPoint add-in', OOXML)],
  [/presentationml\.slide\+xml/, kindOf('sldx', 'PowerPoint slide', OOXML)],
  [/ms-visio\.drawing\.main/, kindOf('vsdx', 'Visio drawing', 'MS-VSDX')],
  [/ms-visio\.drawing\.macroEnabled/, kindOf('vsdm', 'Visio drawing with macros', 'MS-VSDX')],
  [/ms-visio\.stencil/, kindOf('vssx', 'Visio stencil', 'MS-VSDX', ['vssx', 'vssm'])],
  [/ms-visio\.template/, kindOf('vstx', 'Visio template', 'MS-VSDX', ['vstx', 'vstm'])],
  [/3dmanufacturing-3dmodel/, kindOf('3mf', '3D Manufacturing Format', '3MF Core Specification')],
  [/ms-package\.xps-fixeddocument/, kindOf('xps', 'XML Paper Specification', 'ECMA-388', ['xps', 'oxps'])],
  [/officedocument\.themeManager|officedocument\.theme\+xml/, kindOf('thmx', 'Office theme', OOXML)],
];

const appx = kindOf('appx', 'Windows app package', 'AppxManifest schema', ['appx', 'msix']);
const nupkg = kindOf('nupkg', 'NuGet package', 'NuGet package structure', ['nupkg', 'snupkg']);
const vsix = kindOf('vsix', 'Visual Studio extension', 'VSIX 2.0');
const anyPackage = kindOf('opc', 'Open Packaging container', OOXML, []);

/** Open Packaging Conventions: Office documents and their like (ECMA-376 part 2). */
export const openPackage: Kind = {
  recognise(archive) {
    const types = archive.text(TYPES);
    if (types === null) return archive.has(TYPES) ? anyPackage : null;
    return mainTypes.find(([pattern]) => pattern.test(types))?.[1] ?? otherPackage(archive);
  },
  verify(archive, tell) {
    const types = archive.text(TYPES);
    if (types !== null) verifyTypes(archive, types, tell);
    for (const name of archive.names) {
      archive.reader.meter.step();
      if (name.endsWith('.rels')) verifyRelationships(archive, name, tell);
    }
  },
};

function otherPackage(archive: Archive): KnownFormat {
  if (archive.has('AppxManifest.xml')) return appx;
  if (archive.has('extension.vsixmanifest')) return vsix;
  for (const name of archive.names) if (/^[^/]+\.nuspec$/.test(name)) return nupkg;
  return anyPackage;
}

/** §7.2: every part has a content type, by its name or by its extension. */
function verifyTypes(archive: Archive, types: string, tell: Tell): void {
  const byExtension = new Set<string>();
  const byName = new Set<string>();
  for (const tag of tagsOf(types, 'Default')) byExtension.add((tag.get('Extension') ?? '').toLowerCase());
  for (const tag of tagsOf(types, 'Override')) byName.add(toEntry(tag.get('PartName') ?? '').toLowerCase());
  const lower = new Set<string>();
  for (const name of archive.names) {
    const part = name.replaceAll('\\', '/').toLowerCase();
    lower.add(part);
    if (name === TYPES || part.endsWith('/') || byName.has(part)) continue;
    const dot = part.lastIndexOf('.');
    if (dot < 0 || !byExtension.has(part.slice(dot + 1))) tell(`no content type for ${name}`);
  }
  for (const part of byName) if (!lower.has(part)) tell(`content type of a missing part: ${part}`);
}

/** §6.5: targets are relative to the part that the relationships belong to. */
function verifyRelationships(archive: Archive, name: string, tell: Tell): void {
  const source = name.replace(/_rels\/([^/]*)\.rels$/, '$1');
  for (const tag of tagsOf(archive.text(name) ?? '', 'Relationship')) {
    if (tag.get('TargetMode') === 'External') continue;
    const target = resolveTarget(source, tag.get('Target') ?? '');
    if (target !== null && !archive.hasPart(target)) tell(`${name} leads to a missing part: ${target}`);
  }
}

function toEntry(partName: string): string {
  return resolveTarget('', partName) ?? '';
}
