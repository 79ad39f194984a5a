export interface Reason {
  readonly outcome: 'only we accept' | 'only we reject';
  /** Only of this tester; of any without. */
  readonly tester?: string;
  /** Beginnings of paths relative to the corpus. */
  readonly paths: readonly string[];
  readonly why: string;
}

/** Why we and a tester disagree. A disagreement without a row counts as unexplained. */
export const reasons: readonly Reason[] = [
  {
    outcome: 'only we accept',
    tester: 'readelf -a',
    paths: ['genuine/debug/pyelftools__'],
    why: 'debug symbols split off: the interpreter’s name is NOBITS here, as objcopy leaves it',
  },
  {
    outcome: 'only we accept',
    tester: 'readelf -a',
    paths: ['malformed/elf/pyelftools__51b925_exe_solaris32_cc.elf'],
    why: 'the Solaris compiler leaves a section’s link at 0; every byte is in its place',
  },
  {
    outcome: 'only we accept',
    tester: 'readelf -a',
    paths: ['malformed/elf/pyelftools__6a3011_x64_bad_sections.elf'],
    why: 'the section table is cut away, what it described lies behind the last segment: unproved, not intact',
  },
  {
    outcome: 'only we accept',
    tester: 'ogginfo',
    paths: ['genuine/ogg/flac-in.ogg', 'genuine/ogg/music-metadata__dc81ca_no-last-page.oga'],
    why: 'FLAC in Ogg isn’t known to ogginfo, or no page is marked as the last: the CRC of every page holds',
  },
  {
    outcome: 'only we accept',
    tester: 'ogginfo',
    paths: ['malformed/ogg/tinytag__307563_corrupt_metadata.ogg'],
    why: 'comments that their writer got wrong: the CRC of every page holds, the bytes are unchanged',
  },
  {
    outcome: 'only we accept',
    tester: 'qpdf --check',
    paths: [
      'genuine/pdf/file-type__f698ff_fixture.pdf',
      'genuine/pdf/qpdf__011daa_lin7.pdf',
      'genuine/pdf/qpdf__bac513_enc-base.pdf',
    ],
    why: 'hints for reading it over a network are off by some bytes; objects and streams are whole',
  },
  {
    outcome: 'only we accept',
    tester: 'qpdf --check',
    paths: ['malformed/pdf/format-corpus__c20735_'],
    why: 'written by hand, startxref holds no number; every object is there and obeys the grammar',
  },
  {
    outcome: 'only we accept',
    tester: 'qpdf --check',
    paths: ['malformed/pdf/qpdf__a96c1e_tokens.pdf'],
    why: 'a page’s operators are nonsense on purpose, in streams that are whole: unproved, not intact',
  },
  {
    outcome: 'only we accept',
    paths: ['malformed/avsc/zerotail__', 'malformed/opf/zerotail__'],
    why: 'zeros in the place of the tail: unproved by U409, since honest texts are padded, too',
  },
  {
    outcome: 'only we accept',
    tester: '7z t',
    paths: ['malformed/cab/libarchive__8361c3_', 'malformed/cab/libarchive__babd7a_'],
    why: 'a part of a set of cabinets: its shared folder is unexamined, what stands here is well-formed',
  },
  {
    outcome: 'only we accept',
    tester: '7z t',
    paths: ['malformed/cab/libarchive__c1e633_cab_lzx_16bit.cab'],
    why: 'LZX, which isn’t decoded here: unproved',
  },
  {
    outcome: 'only we accept',
    tester: '7z t',
    paths: ['malformed/cpio/libarchive__0'],
    why: 'afio’s own extension of cpio, cut into parts: plain text in the place of cpio, unproved by U408',
  },
  {
    outcome: 'only we accept',
    tester: 'unzip -tqq',
    paths: ['malformed/docm/poi__8aa452_', 'malformed/jar/commons-compress__4c2348_'],
    why: 'no zip archive but a whole Word 97 file, or a packed jar in gzip, under this name',
  },
  {
    outcome: 'only we accept',
    tester: 'JSON.parse',
    paths: ['malformed/json/JSONTestSuite__'],
    why: 'overlong UTF-8, which the test suite leaves to the implementation: read as a legacy encoding',
  },
  {
    outcome: 'only we accept',
    paths: ['malformed/lz4/append__', 'malformed/png/append__'],
    why: 'bytes behind the end: unproved by U403, not intact',
  },
  {
    outcome: 'only we accept',
    tester: 'git index-pack',
    paths: ['malformed/pack/libgit2__adbe70_'],
    why: 'a pack of a SHA-256 repository, whose digest holds; index-pack expects SHA-1 outside of one',
  },
  {
    outcome: 'only we accept',
    tester: 'gpg --list-packets',
    paths: ['malformed/pgp-pubkey/shifted__'],
    why: '37 zeros before the armour, which is a text still; nothing of it is lost',
  },
  {
    outcome: 'only we accept',
    tester: 'pngcheck -q',
    paths: ['malformed/png/libpng__7dc251_pngtest.png'],
    why: 'cLLI is a chunk of PNG’s third edition, newer than this pngcheck',
  },
  {
    outcome: 'only we accept',
    tester: 'tiffinfo -D',
    paths: ['malformed/tiff/exiv2__1427e8_issue_547.poc'],
    why: '34 bytes, a directory without an image: nothing in it that could be lost',
  },
  {
    outcome: 'only we accept',
    tester: 'xmllint --noout',
    paths: ['malformed/xml/file-type__2f0160_fixture-utf8-bom.xml'],
    why: 'its declaration says UTF-16, its byte order mark UTF-8: the mark is right',
  },
  {
    outcome: 'only we accept',
    tester: 'xz -t',
    paths: ['malformed/xz/xz__260849_', 'malformed/xz/xz__c28355_'],
    why: 'a filter or check that no version of xz knows: unexamined, or the decoder speaks for it instead of the check',
  },
  {
    outcome: 'only we accept',
    tester: 'zstd -t',
    paths: ['malformed/zst/zstd__f9f352_zeroSeq_2B.zst'],
    why: 'zero sequences counted in two bytes: zstd takes it from 1.5.6 on, and has it among its good examples',
  },
  {
    outcome: 'only we reject',
    tester: '7z t',
    paths: [
      'malformed/ar/commons-compress__81a31e_',
      'malformed/ar/swap__',
      'malformed/bsdtar-odc/zeromid__',
      'malformed/rpm/libarchive__db2111_huge_rpm.rpm',
    ],
    why: '7-Zip lists what stands before the broken header, or doesn’t look at the field',
  },
  {
    outcome: 'only we reject',
    tester: 'gzip -t',
    paths: ['malformed/gz/runtime-assets__369899_angular.min.js.gz'],
    why: 'random bytes behind the end, which gzip leaves out with a warning: suspect',
  },
  {
    outcome: 'only we reject',
    tester: 'djpeg -strict',
    paths: ['malformed/jpg/Pillow__948b8e_invalid-exif.jpg'],
    why: 'broken Exif data, at which djpeg doesn’t look',
  },
  {
    outcome: 'only we reject',
    tester: 'qpdf --check',
    paths: ['malformed/pdf/qpdf__1c02b9_bad-token-startxref.pdf'],
    why: 'an open string in the place of the offset behind startxref, which qpdf skips while it searches',
  },
  {
    outcome: 'only we reject',
    tester: 'tiffinfo -D',
    paths: ['malformed/tiff/image__82a7aa_invalid-palette-ref.tiff'],
    why: 'values beyond the end of the file; tiffinfo warns, and leaves the tag out',
  },
  {
    outcome: 'only we reject',
    tester: 'unzip -tqq',
    paths: ['malformed/zip/jszip__9d26dc_', 'malformed/zip/libzip__4e0bb4_', 'malformed/zip/yauzl__d2c0b4_'],
    why: 'two sizes of a member contradict each other: unzip says so, if at all, and ends with 0',
  },
  {
    outcome: 'only we reject',
    tester: 'zstd -t',
    paths: ['malformed/zst/zstd__2ce18c_truncated_huff_state.zst'],
    why: 'a Huffman tree that ends inside its states: among zstd’s examples of errors, noticed by it from 1.5.6 on',
  },
];
