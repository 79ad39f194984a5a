import { lengthOf } from '../../bytes/range.ts';
import type { FileLine, ReportedExtent, ScanLine } from '../line.ts';
import { printable } from '../text.ts';
import { type Export, timesOf } from './export.ts';

/**
 * Digital Forensics XML, version 1.2.0 of the working group's schema. Elements stand in the schema's order, which is
 * that of fiwalk. A file of a disk image has its runs of bytes, `img_offset` counted in the disk that the image holds.
 */
export const dfxml: Export = { begin: head, file: fileObject, end: () => '</dfxml>\n' };

function head({ tool, started, roots, host }: ScanLine): string {
  const [program = '', version = ''] = tool.split(' ');
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<dfxml xmlns="http://www.forensicswiki.org/wiki/Category:Digital_Forensics_XML" xmlns:dc="http://purl.org/dc/elements/1.1/" version="1.2.0">',
    ' <metadata><dc:type>Disk Image</dc:type></metadata>',
    ' <creator>',
    `  ${element('program', program)}`,
    `  ${element('version', version)}`,
    `  <execution_environment>${element('os_sysname', host.platform)}${element('start_time', started)}</execution_environment>`,
    ' </creator>',
    ` <source>${roots.map(({ text }) => element('image_filename', text)).join('')}</source>`,
    '',
  ].join('\n');
}

function fileObject(line: FileLine): string {
  const { origin } = line;
  const { modified, changed, accessed, created } = timesOf(line);
  const parts = [
    element('filename', line.path.text),
    element('name_type', 'r'),
    element('filesize', line.size),
    ...(origin?.deleted ? [element('unalloc', 1)] : []),
    ...(origin === undefined || origin.deleted ? [] : [element('alloc', 1)]),
    ...optional('inode', origin?.inode),
    ...optional('mtime', modified),
    ...optional('ctime', changed),
    ...optional('atime', accessed),
    ...optional('crtime', created),
    ...byteRuns(line.extents ?? []),
    ...(line.sha256 === undefined ? [] : [`<hashdigest type="sha256">${line.sha256}</hashdigest>`]),
  ];
  return ` <fileobject>\n${parts.map((part) => `  ${part}\n`).join('')} </fileobject>\n`;
}

function byteRuns(extents: readonly ReportedExtent[]): string[] {
  if (extents.length === 0) return [];
  return [`<byte_runs>${extents.map(byteRun).join('')}</byte_runs>`];
}

function byteRun(extent: ReportedExtent): string {
  const { start, disk, packed, zero } = extent;
  const length = lengthOf(extent);
  const attributes = [
    ['file_offset', start],
    ...(disk === undefined ? [] : [['img_offset', disk]]),
    ['len', packed ?? length],
    ...(packed === undefined ? [] : [['uncompressed_len', length]]),
    ...(zero ? [['fill', 0]] : []),
  ];
  return `<byte_run ${attributes.map(([name, value]) => `${name}="${value}"`).join(' ')}/>`;
}

function optional(name: string, value: string | number | null | undefined): string[] {
  return value === null || value === undefined ? [] : [element(name, value)];
}

function element(name: string, value: string | number): string {
  return `<${name}>${escapeXml(String(value))}</${name}>`;
}

const entities: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;' };

/** What XML 1.0 forbids is shown by its number, as it is on the terminal. */
function escapeXml(text: string): string {
  return printable(text)
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replace(/[<>&]/g, (character) => entities[character]!);
}
