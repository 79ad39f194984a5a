import type { KnownFormat } from '../format.ts';
import type { Compound } from './compound.ts';

/** What a compound file is, by its streams or the class of its root. */
export interface Kind {
  readonly format: KnownFormat;
  /** Name of a stream or storage below the root. */
  readonly has?: string;
  /** Beginning of the root's class. */
  readonly clsid?: string;
}

function known(id: string, title: string, spec: string, extensions: readonly string[]): KnownFormat {
  return { id, title, spec, extensions, signatures: [] };
}

/** The first that applies. Encrypted documents stand before the types that they would be. */
const kinds: readonly Kind[] = [
  {
    has: 'EncryptedPackage',
    format: known('ooxml-encrypted', 'Encrypted Office Open XML document', 'MS-OFFCRYPTO, section 2.3', [
      'docx',
      'xlsx',
      'pptx',
      'xlsb',
    ]),
  },
  { has: '__properties_version1.0', format: known('msg', 'Outlook message', 'MS-OXMSG', ['msg']) },
  { has: 'WordDocument', format: known('doc', 'Word document', 'MS-DOC', ['doc', 'dot']) },
  {
    has: 'PowerPoint Document',
    format: known('ppt', 'PowerPoint presentation', 'MS-PPT', ['ppt', 'pps', 'pot']),
  },
  { has: 'Workbook', format: known('xls', 'Excel workbook', 'MS-XLS', ['xls', 'xlt', 'xla', 'et']) },
  { has: 'Book', format: known('xls', 'Excel 5 workbook', 'MS-XLS', ['xls', 'xlt', 'xla']) },
  {
    has: 'VisioDocument',
    format: known('vsd', 'Visio drawing', 'MS-VSD is unpublished; libvisio', ['vsd', 'vst', 'vss']),
  },
  {
    clsid: '84100c00',
    format: known('msi', 'Windows Installer package', 'Windows Installer; Wine, dlls/msi', ['msi']),
  },
  {
    clsid: '86100c00',
    format: known('msp', 'Windows Installer patch', 'Windows Installer; Wine, dlls/msi', ['msp']),
  },
  {
    clsid: '82100c00',
    format: known('mst', 'Windows Installer transform', 'Windows Installer; Wine, dlls/msi', ['mst']),
  },
  { has: 'Quill', format: known('pub', 'Publisher document', 'libmspub', ['pub']) },
  { clsid: '3a8fb774', format: known('mpp', 'Microsoft Project plan', 'MPXJ', ['mpp', 'mpt']) },
  {
    has: 'HwpSummaryInformation',
    format: known('hwp', 'Hangul document', 'Hangul Word Processor 5.0', ['hwp']),
  },
  {
    has: 'DestList',
    format: known('jump-list', 'Windows jump list', 'libyal, Jump lists format', [
      'automaticdestinations-ms',
    ]),
  },
  {
    has: 'Catalog',
    format: known('thumbs-db', 'Windows thumbnail cache', 'libyal, Windows Thumbs.db format', ['db']),
  },
  { has: 'MatOST', format: known('works', 'Microsoft Works document', 'libwps', ['wps']) },
  {
    has: 'NativeContent_MAIN',
    format: known('quattro-pro', 'Quattro Pro notebook', 'libwps, Quattro Pro 9', ['qpw']),
  },
  {
    has: 'PerfectOffice_MAIN',
    format: known('perfect-office', 'WordPerfect Office document', 'libwpd', ['wpd', 'wb3', 'shw']),
  },
  {
    has: 'SwDocContentMgr',
    format: known('solidworks', 'SolidWorks document', 'PRONOM fmt/1136', ['sldprt', 'sldasm', 'slddrw']),
  },
  {
    has: 'ISolidWorksInformation',
    format: known('solidworks', 'SolidWorks document', 'PRONOM fmt/1136', ['sldprt', 'sldasm', 'slddrw']),
  },
];

export function kindOf({ root, nodes }: Compound): Kind | null {
  const names = new Set(
    nodes.filter(({ path }) => path.length === 1).map(({ path }) => path[0]!.replace(/^\x05/, '')),
  );
  return (
    kinds.find(
      ({ has, clsid }) =>
        (has !== undefined && names.has(has)) || (clsid !== undefined && root?.clsid.startsWith(clsid)),
    ) ?? null
  );
}
