import { CsvGrammar } from './csv-grammar.ts';
import type { Grammar } from './grammar.ts';
import { JsonGrammar } from './json-grammar.ts';
import { XmlGrammar } from './xml-grammar.ts';

/** A kind of text that has its own grammar, or none beyond that of its encoding. */
export interface Kind {
  readonly extensions: readonly string[];
  readonly grammar: () => Grammar | null;
}

export const jsonKind: Kind = {
  extensions: [
    ...[
      'json',
      'geojson',
      'topojson',
      'jsonl',
      'ndjson',
      'ldjson',
      'jsonld',
      'jsonc',
      'ipynb',
      'gltf',
      'har',
    ],
    ...['webmanifest', 'avsc', 'avpr', 'tfstate', 'code-workspace'],
  ],
  grammar: () => new JsonGrammar(),
};

export const xmlKind: Kind = {
  extensions: [
    ...[
      'xml',
      'svg',
      'xsd',
      'xsl',
      'xslt',
      'rss',
      'atom',
      'gpx',
      'kml',
      'dae',
      'x3d',
      'fb2',
      'opf',
      'ncx',
      'opml',
    ],
    // Parts of packages.
    ...['rels', 'rdf', 'model', 'nuspec', 'psmdcp', 'vsixmanifest', 'sigs', 'fdseq', 'fdoc', 'fpage'],
    ...['wsdl', 'xhtml', 'xht', 'xmp', 'resx', 'csproj', 'vbproj', 'vcxproj', 'targets', 'xaml'],
    ...[
      'fodt',
      'fods',
      'fodp',
      'fodg',
      'glif',
      'musicxml',
      'tei',
      'xliff',
      'xlf',
      'osm',
      'nuspec',
      'rdf',
      'owl',
    ],
    ...['mobileconfig', 'storyboard', 'xib', 'wxs', 'admx', 'adml', 'evtxml', 'drawio', 'graphml', 'ui'],
  ],
  grammar: () => new XmlGrammar(),
};

export const csvKind: Kind = {
  extensions: ['csv', 'tsv', 'tab', 'psv'],
  grammar: () => new CsvGrammar(),
};

export const htmlKind: Kind = {
  extensions: [
    'html',
    'htm',
    'shtml',
    'vue',
    'svelte',
    'php',
    'phtml',
    'asp',
    'aspx',
    'jsp',
    'erb',
    'ejs',
    'hbs',
  ],
  grammar: () => null,
};

export const mailKind: Kind = {
  extensions: ['eml', 'mbox', 'mht', 'mhtml', 'mbx', 'emlx'],
  grammar: () => null,
};

export const pemKind: Kind = {
  extensions: ['pem', 'asc', 'crt', 'cer', 'key', 'csr', 'p7b', 'p7c', 'ovpn', 'gpgkey', 'pubkey'],
  grammar: () => null,
};

/** Everything else that people and programs write in lines. */
export const plainKind: Kind = {
  extensions: [
    ...[
      'txt',
      'text',
      'log',
      'md',
      'markdown',
      'rst',
      'adoc',
      'org',
      'tex',
      'bib',
      'sty',
      'cls',
      'nfo',
      'diz',
      'me',
    ],
    ...[
      'ini',
      'inf',
      'cfg',
      'props',
      'plist',
      'strings',
      'manifest',
      'conf',
      'cnf',
      'config',
      'properties',
      'env',
      'editorconfig',
      'toml',
      'yaml',
      'yml',
    ],
    ...[
      'c',
      'h',
      'cc',
      'cpp',
      'cxx',
      'hpp',
      'hh',
      'hxx',
      'cs',
      'java',
      'kt',
      'kts',
      'scala',
      'groovy',
      'gradle',
    ],
    ...[
      'js',
      'mjs',
      'cjs',
      'jsx',
      'tsx',
      'css',
      'scss',
      'sass',
      'less',
      'styl',
      'coffee',
      'dart',
      'go',
      'rs',
    ],
    ...[
      'swift',
      'm',
      'mm',
      'py',
      'pyi',
      'pyx',
      'rb',
      'rake',
      'gemspec',
      'pl',
      'pm',
      'pod',
      't',
      'lua',
      'tcl',
      'r',
    ],
    ...[
      'rmd',
      'jl',
      'hs',
      'lhs',
      'ml',
      'mli',
      'fs',
      'fsx',
      'clj',
      'cljs',
      'edn',
      'el',
      'lisp',
      'scm',
      'erl',
      'ex',
    ],
    ...['exs', 'f', 'f77', 'f90', 'f95', 'for', 'pas', 'pp', 'dpr', 'ada', 'adb', 'ads', 'cbl', 'cpy', 'asm'],
    ...['s', 'inc', 'v', 'sv', 'vhdl', 'vb', 'vbs', 'bas', 'vba', 'ps1', 'psm1', 'psd1', 'bat', 'cmd'],
    ...[
      'sh',
      'bash',
      'zsh',
      'fish',
      'ksh',
      'csh',
      'awk',
      'sed',
      'sql',
      'ddl',
      'dml',
      'psql',
      'graphql',
      'gql',
    ],
    ...[
      'proto',
      'thrift',
      'avdl',
      'idl',
      'cmake',
      'mk',
      'mak',
      'make',
      'ninja',
      'bazel',
      'bzl',
      'am',
      'ac',
      'in',
    ],
    ...[
      'dockerfile',
      'service',
      'socket',
      'timer',
      'desktop',
      'htaccess',
      'gitignore',
      'gitattributes',
      'lock',
    ],
    ...[
      'po',
      'pot',
      'srt',
      'vtt',
      'ass',
      'ssa',
      'sub',
      'lrc',
      'm3u',
      'm3u8',
      'pls',
      'cue',
      'url',
      'webloc',
      'reg',
    ],
    ...[
      'vcf',
      'ics',
      'ifb',
      'ldif',
      'ldf',
      'diff',
      'patch',
      'rej',
      'tf',
      'hcl',
      'nix',
      'zone',
      'rules',
      'crontab',
    ],
    ...[
      'glsl',
      'vert',
      'frag',
      'hlsl',
      'wgsl',
      'obj',
      'mtl',
      'off',
      'dxf',
      'wrl',
      'cif',
      'fasta',
      'fa',
      'fastq',
    ],
    ...['gff', 'gtf', 'bed', 'vcard', 'arff', 'sas', 'do', 'sps', 'nfs', 'list', 'lst', 'md5', 'sha1'],
    ...['sha256', 'sha512', 'sfv', 'out', 'err', 'trace', 'wat', 'bdf', 'afm', 'sfd', 'srec'],
    ...[
      'hex',
      'ihex',
      'mtree',
      'shar',
      'pub',
      'known_hosts',
      'ansible',
      'j2',
      'tpl',
      'tmpl',
      'jinja',
      'mustache',
    ],
  ],
  grammar: () => null,
};

const kinds = [jsonKind, xmlKind, csvKind, htmlKind, mailKind, pemKind, plainKind];

/** Extensions whose files may as well be no text. */
const ambiguous = new Set([
  ...[
    'dxf',
    'pub',
    'm',
    'hex',
    'out',
    'lock',
    'in',
    'sub',
    'off',
    't',
    'do',
    'v',
    'key',
    'cer',
    'crt',
    'obj',
    'mtl',
  ],
  ...['p7b', 'p7c', 'asc', 's', 'r', 'd', 'list', 'props', 'ui', 'inc', 'reg', 'xmp', 'plist', 'fs'],
]);

/** Write-ahead logs of LevelDB and its kin are binary, whatever their extension says. */
const binaryLog = /(^|[^0-9])[0-9]{6}\.log$/;

/** What packs or seals a text and appends its own extension: such a file is no text. */
const wrappers =
  /\.(gz|gzip|tgz|bz2|xz|zst|zstd|lz|lz4|lzma|lzo|br|deflate|zz|z|zip|7z|rar|gpg|pgp|age|enc|aes|asc|sig)$/;

/** The kind that a name promises, by its last extension that is known (`a.txt.locked` promises text), or null. */
export function promisedKind(name: string): Kind | null {
  const extensions = name.toLowerCase().split('.').slice(1).reverse();
  for (const extension of extensions) {
    const kind = kinds.find((candidate) => candidate.extensions.includes(extension));
    if (kind !== undefined) return kind;
  }
  return null;
}

/** Whether a file of this name can't honestly be anything but text. */
export function promisesText(name: string): boolean {
  const lower = name.toLowerCase();
  const kind = promisedKind(lower);
  if (kind === null || binaryLog.test(lower) || wrappers.test(lower)) return false;
  return lower
    .split('.')
    .slice(1)
    .some((extension) => kind.extensions.includes(extension) && !ambiguous.has(extension));
}
