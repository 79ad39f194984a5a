/** What a tester said of one file. `silent`: it can't say, or took too long. */
export type Word = 'ok' | 'bad' | 'silent';

/** A program that tests files of some types, and how its answer is to be read. */
export interface Tester {
  /** As it's called in the table. */
  readonly name: string;
  readonly program: string;
  /** Arguments; the file's path follows, unless the file is fed to standard input or its place is named by FILE. */
  readonly arguments: readonly string[];
  readonly fed?: true;
  /** Folders of the corpus. */
  readonly types: readonly string[];
  /** Exit codes that mean "sound"; only 0 by default. */
  readonly sound?: readonly number[];
  /** Exit codes that mean that it can't test the file. */
  readonly silentOn?: readonly number[];
  /** What it prints, on either channel, where it can't test the file: a method it doesn't know, a password it lacks. */
  readonly silentWhere?: RegExp;
  /** What it prints of a broken file, for programs whose exit code doesn't tell. */
  readonly badWhere?: RegExp;
}

/** Stands for the file's path inside an argument. */
export const FILE = '{file}';
/** Stands for a name in a folder of its own, where a tester writes what it must write. */
export const SCRATCH = '{scratch}';

/** `'a b c'` as types. */
function types(list: string): readonly string[] {
  return list.split(' ');
}

export const testers: readonly Tester[] = [
  {
    name: 'unzip -tqq',
    program: 'unzip',
    arguments: ['-tqq', '-P', 'none'],
    types: types(
      '3mf apk asice bsdtar-zip crx docm docx dotm dotx epub htmlz ibooks ipa jar odb odg odp ods odt ooxml otg otp ots ott potm potx ppsm ppsx pptm pptx sketch thmx txtz vsdm vsdx war whl xap xlsb xlsm xlsx xltm xltx xmind xpi xps zae zip zipx',
    ),
    // 1: a warning, everything extracted. 81: a method that it doesn't know. 82: a password.
    sound: [0, 1],
    silentOn: [81, 82],
  },
  {
    name: '7z t',
    program: '7z',
    arguments: ['t', '-bd', '-y', '-pnone'],
    types: types(
      '7z ar arj bsdtar-7zip bsdtar-ar bsdtar-iso9660 bsdtar-newc bsdtar-odc bsdtar-xar cab chm cpio cramfs deb dmg img-fat12 img-gpt img-mbr img-udf iso lha lzh qcow qcow2 rpm squashfs vdi vhd vhdx vmdk wim xar',
    ),
    sound: [0, 1],
    silentWhere: /Unsupported Method|Wrong password|Cannot open the file as archive/,
  },
  {
    name: 'tar -t',
    program: 'tar',
    arguments: ['-tf', FILE],
    types: types('bsdtar-pax bsdtar-ustar tar ustar'),
  },
  {
    name: 'dpkg-deb -c',
    program: 'dpkg-deb',
    arguments: ['--contents'],
    types: types('deb'),
  },
  {
    name: 'gzip -t',
    program: 'gzip',
    arguments: ['-t'],
    fed: true,
    types: types('anb curve emz gnumeric grz gz svgz tar.gz tgz wmz'),
    // 2: a warning, such as trailing bytes that are ignored.
    sound: [0, 2],
    silentWhere: /not in gzip format/,
  },
  {
    name: 'gzip -t (compress)',
    program: 'gzip',
    arguments: ['-t'],
    fed: true,
    types: types('tar.z z'),
  },
  { name: 'bzip2 -t', program: 'bzip2', arguments: ['-t'], fed: true, types: types('bz2 tar.bz2 tbz') },
  { name: 'xz -t', program: 'xz', arguments: ['-t'], fed: true, types: types('tar.xz txz xz') },
  {
    name: 'xz -t (lzma)',
    program: 'xz',
    arguments: ['--format=lzma', '-t'],
    fed: true,
    types: types('lzma tar.lzma tlz'),
    // 'tlz' is used for lzip, too.
    silentWhere: /File format not recognized/,
  },
  { name: 'lzip -t', program: 'lzip', arguments: ['-t'], fed: true, types: types('lz tar.lz') },
  { name: 'lzop -t', program: 'lzop', arguments: ['-t'], fed: true, types: types('lzo tar.lzo') },
  {
    name: 'zstd -t',
    program: 'zstd',
    arguments: ['-t', '-q', '--long=31'],
    fed: true,
    types: types('tar.zst tzst zst'),
    silentWhere: /Dictionary mismatch/,
  },
  { name: 'lz4 -t', program: 'lz4', arguments: ['-t', '-q'], fed: true, types: types('lz4 tar.lz4') },
  { name: 'brotli -t', program: 'brotli', arguments: ['-t'], fed: true, types: types('br') },
  {
    name: 'pngcheck -q',
    program: 'pngcheck',
    arguments: ['-q'],
    types: types('apng jng mng png'),
  },
  {
    name: 'djpeg -strict',
    program: 'djpeg',
    arguments: ['-strict', '-outfile', '/dev/null'],
    types: types('jpe jpeg jpg jps mpo'),
    silentWhere: /Unsupported JPEG|not supported|arithmetic/i,
  },
  { name: 'flac -t', program: 'flac', arguments: ['-t', '-s'], types: types('flac') },
  { name: 'flac -t --ogg', program: 'flac', arguments: ['-t', '-s', '--ogg'], types: types('oggflac') },
  { name: 'ogginfo', program: 'ogginfo', arguments: ['-q'], types: types('ogg ogv ogx opus spx') },
  {
    name: 'ffmpeg -v error',
    program: 'ffmpeg',
    arguments: ['-v', 'error', '-nostdin', '-i', FILE, '-f', 'null', '-'],
    types: types('3g2 3gp aac ac3 asf avi flv m4a m4v mkv mov mp2 mp3 mp4 mpg ts wav webm webp wma wmv'),
    badWhere: /./,
  },
  {
    name: 'qpdf --check',
    program: 'qpdf',
    arguments: ['--check'],
    types: types('ai pdf'),
    silentWhere: /invalid password/,
  },
  {
    name: 'sqlite3 integrity_check',
    program: 'sqlite3',
    arguments: ['-readonly', `file:${FILE}?immutable=1`, 'pragma integrity_check'],
    types: types('fossil gpkg mbtiles sqlite'),
    badWhere: /^(?!ok$).+/m,
  },
  {
    name: 'tiffinfo -D',
    program: 'tiffinfo',
    arguments: ['-D'],
    types: types('cr2 dng gs-tiffg4 nef tif tiff'),
    silentWhere: /not configured|Unknown compression|unknown compression/i,
    // The exit code is 0 whatever is wrong with the data.
    badWhere:
      /^(?!.*Warning).*(?:Read error|Error|Cannot|Can not|Not a TIFF|Premature|Bad code|Failed|invalid)/m,
  },
  {
    name: 'xmllint --noout',
    program: 'xmllint',
    arguments: ['--noout', '--nonet', '--huge'],
    types: types(
      'amf cml dae dita fb2 fods gml gpx irrmesh kml opf opml plist rdf rss svg tmx ttml vcd x3d xcf.xml xhtml xisf xlf xml xmp xsd xsl xspf',
    ),
  },
  {
    name: 'readelf -a',
    program: 'readelf',
    arguments: ['-aW'],
    types: types('core debug elf o so'),
    badWhere: /^readelf: (?:Error|Warning)/m,
  },
  {
    name: 'git index-pack',
    program: 'git',
    arguments: ['index-pack', '-o', `${SCRATCH}.idx`],
    types: types('pack'),
    silentWhere: /unresolved deltas/,
  },
  { name: 'javap', program: 'javap', arguments: ['-c', '-p'], types: types('class') },
  {
    name: 'openssl asn1parse',
    program: 'openssl',
    arguments: ['asn1parse', '-inform', 'DER', '-noout', '-in'],
    types: types('cer der p7c pkcs1'),
    silentWhere: /wrong tag|too long|header too long.*-----/,
  },
  {
    name: 'gpg --list-packets',
    program: 'gpg',
    arguments: ['--batch', '--no-options', '--no-keyring', '--homedir', '.', '--list-packets'],
    types: types('pgp-clearsign pgp-literal pgp-pubkey pgp-sig pgp-signed'),
  },
];

/** Tests that need no program: what this Node.js itself reads. */
export interface BuiltIn {
  readonly name: string;
  readonly types: readonly string[];
  test(bytes: Uint8Array): Word;
}

export const builtIns: readonly BuiltIn[] = [
  {
    name: 'JSON.parse',
    types: types('avsc geojson gltf ipynb json topojson webmanifest'),
    test: (bytes) => wordOf(() => JSON.parse(readText(bytes))),
  },
  {
    name: 'JSON.parse by line',
    types: types('log-json ndjson'),
    test: (bytes) =>
      wordOf(() => {
        for (const line of readText(bytes).split('\n')) if (line.trim() !== '') JSON.parse(line);
      }),
  },
  {
    name: 'TextDecoder (UTF-8)',
    types: types('text-utf-8 text-utf-8-sig'),
    test: (bytes) => wordOf(() => readText(bytes)),
  },
];

function readText(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}

function wordOf(attempt: () => unknown): Word {
  try {
    attempt();
    return 'ok';
  } catch {
    return 'bad';
  }
}
