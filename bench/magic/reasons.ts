/** How our answer and that of `file` can differ. */
export type Difference = 'we say more' | 'file says more' | 'another format';

export interface Reason {
  readonly difference: Difference;
  /** Types of the corpus (its folders) that the reason speaks of. */
  readonly types: readonly string[];
  /** A pattern for what `file` says, where that tells more than the type. */
  readonly says?: string;
  readonly why: string;
}

/** `'a b c'` as types. */
function types(list: string): readonly string[] {
  return list.split(' ');
}

/** Why the two disagree, by type. A file whose difference and type have no row counts as unexplained. */
export const reasons: readonly Reason[] = [
  {
    difference: 'we say more',
    types: types(
      'aa arrow arrows asar blp bufr_d cals cob czi dr4 drc dss exv feather ftc ftu git-bitmap git-commit-graph ' +
        'git-midx grz hevc im ivf jmp jt luajit m2ts m3d mdl mie mlp mpc ms3d mysql-aria-ctl ofs pf pfm pg-control ' +
        'pg-copy pg-filenode pg-heap pg-wal pil plan9-font pxr q3o q3s rev sav shx snb sndt sox sqlite-shm sst stream ' +
        'tak ter thd viff wve x3db xls-biff2 xls-biff3 xls-biff4 xpt y4m bmp der dta dts img-udf lmdb lzma mp1 ' +
        'mysql-ibd nc pickle pict ts wks',
    ),
    why: 'file 5.44 calls it data: its magic does not cover this format, or not this variant of it',
  },
  {
    difference: 'we say more',
    types: types('a3d acc arff ase bsdtar-mtree dxf fbx lws mtree mtx off source-desktop stl x xmp mbox eml'),
    why: 'text with fixed first words, of which file 5.44 says only that it is text',
  },
  {
    difference: 'we say more',
    types: types('text-utf-16-be text-utf-16-le pg-xact one-byte br'),
    why: 'the text verifier recognises text without a byte order mark, or of very few bytes; its grammar decides later',
  },
  {
    difference: 'we say more',
    types: ['bmp'],
    why: 'a bitmap whose header has a size that file does not list',
  },
  {
    difference: 'we say more',
    types: ['data'],
    why: 'Parquet checksum files and Arrow files, which file calls data',
  },
  {
    difference: 'we say more',
    types: ['dta'],
    why: 'Stata before release 117: file wants older variants only',
  },
  {
    difference: 'we say more',
    types: ['mysql-ibd'],
    why: 'file knows no tablespaces: they have no magic at offset 0',
  },
  {
    difference: 'we say more',
    types: ['pickle'],
    why: 'file knows pickles up to protocol 3, or by other first opcodes',
  },
  {
    difference: 'we say more',
    types: ['pict'],
    why: 'file finds pictures only without the header of 512 bytes',
  },
  {
    difference: 'file says more',
    types: ['arc'],
    why: 'ARC begins with one byte and a method: too weak to be a signature; the extension promises it',
  },
  {
    difference: 'file says more',
    types: types('tar cpio'),
    says: 'tar archive|^cpio archive',
    why: 'tar before POSIX has only a checksum, binary cpio only two bytes: left to verifiers',
  },
  {
    difference: 'file says more',
    types: ['mat'],
    why: 'MATLAB 4 begins with small numbers: no magic bytes',
  },
  { difference: 'file says more', types: ['omf'], why: 'one byte and lengths: too weak to be a signature' },
  {
    difference: 'file says more',
    types: ['tga'],
    why: 'Targa 1 has no magic, and the footer of Targa 2 is missing',
  },
  {
    difference: 'file says more',
    types: ['mysql-csm'],
    why: 'two bytes that file takes for a table definition',
  },
  {
    difference: 'file says more',
    types: ['por'],
    why: 'SPSS portable in EBCDIC: file takes it for Latin text, our signature expects the other layout',
  },
  {
    difference: 'file says more',
    types: types('blob cbor leveldb-manifest lut pattern prn protobuf raw-headerless text-formfeed wat'),
    why: 'a false alarm of file: the file is nothing of the kind',
  },
  {
    difference: 'another format',
    types: types('gxf lmdb-lock mp1 mysql-frm mysql-ibd pickle wk1 wk3 wk4 xisf'),
    why: 'a false alarm of file (Targa, XENIX, PSI, Chiasmus, GTA, dBase, DOS): ours is what the corpus says',
  },
  {
    difference: 'another format',
    types: ['dwf'],
    why: 'a DWF header before a zip, of which file names the zip',
  },
  { difference: 'another format', types: ['dib'], why: 'the same format by another name' },
  {
    difference: 'another format',
    types: ['patch'],
    why: 'mail as git writes it, with a difference as its text',
  },
  {
    difference: 'file says more',
    types: ['pict'],
    why: 'we do not know PICT 1 (two bytes); file takes it for ispell',
  },
  {
    difference: 'file says more',
    types: ['sparse-tail'],
    why: 'text with zeros behind it, which our text verifier may refuse by its head',
  },
  {
    difference: 'another format',
    types: ['data'],
    why: 'a buffer of counting numbers: a false alarm of both, icon and Targa',
  },
  {
    difference: 'another format',
    types: ['hcom'],
    why: 'a MacBinary wrapper, of which we name the type inside',
  },
  {
    difference: 'another format',
    types: ['sam'],
    why: 'Ami Pro, whose sections look like those of INI files',
  },
];
