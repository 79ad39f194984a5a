import { threeDs } from './3ds.ts';
import { sevenZip } from './7z/7z.ts';
import { ace } from './ace.ts';
import { age } from './age.ts';
import { amr } from './amr.ts';
import { androidTable, androidXml } from './android-resources.ts';
import { icns, itunesArtwork } from './apple-icons.ts';
import { ar, deb } from './ar/ar.ts';
import { arc } from './arc/arc.ts';
import { arj } from './arj.ts';
import { arrow, arrowStream } from './arrow/arrow.ts';
import { asar } from './asar.ts';
import { asf } from './asf/asf.ts';
import { aiff } from './audio/aiff.ts';
import { au } from './audio/au.ts';
import { caf } from './audio/caf.ts';
import { dsdiff, dsf } from './audio/dsd.ts';
import { dts } from './audio/dts.ts';
import { gsm } from './audio/gsm.ts';
import { hcom } from './audio/hcom.ts';
import { fastTracker, impulseTracker, screamTracker } from './audio/trackers.ts';
import { voc } from './audio/voc.ts';
import { rf64, wav } from './audio/wav.ts';
import { wave64 } from './audio/wave64.ts';
import { avro } from './avro/avro.ts';
import { blender } from './blender.ts';
import { blp } from './blp.ts';
import { bmp, dib } from './bmp/bmp.ts';
import { borg } from './borg.ts';
import { brotli } from './brotli.ts';
import { bson } from './bson.ts';
import { bzip2 } from './bzip2.ts';
import { cab } from './cab/cab.ts';
import { excelBiff } from './cfb/biff/excel-biff.ts';
import { cfb } from './cfb/cfb.ts';
import { compressedPrefetch } from './compressed-prefetch.ts';
import { cpio } from './cpio/cpio.ts';
import { dbf } from './dbf.ts';
import { der } from './der/der.ts';
import { dex } from './dex/dex.ts';
import { dicom } from './dicom/dicom.ts';
import { qcow2 } from './disks/qcow2.ts';
import { vdi } from './disks/vdi.ts';
import { vhd } from './disks/vhd.ts';
import { ac3, eac3 } from './dolby/ac3.ts';
import { elf } from './elf/elf.ts';
import { envelopes } from './envelopes/envelopes.ts';
import { eot } from './eot.ts';
import { evtx } from './evtx/evtx.ts';
import { ewf } from './ewf/ewf.ts';
import { farbfeld } from './farbfeld.ts';
import { fbx } from './fbx.ts';
import { fits } from './fits.ts';
import { flac } from './flac/flac.ts';
import { dfont } from './fonts/dfont.ts';
import { type1Binary } from './fonts/type1.ts';
import { woff2 } from './fonts/woff2.ts';
import type { Format } from './format.ts';
import { gif } from './gif.ts';
import { gitBundle } from './git/bundle.ts';
import { gitObject } from './git/object.ts';
import { gitPack } from './git/pack.ts';
import {
  gitBitmap,
  gitCommitGraph,
  gitIndex,
  gitMultiPackIndex,
  gitPackIndex,
  gitReverseIndex,
} from './git/sealed.ts';
import { glb } from './glb.ts';
import { gzip } from './gzip/gzip.ts';
import { hdf5 } from './hdf5/hdf5.ts';
import { icc } from './icc.ts';
import { cur, ico } from './ico.ts';
import { idlSave } from './idl-save.ts';
import { iffFormats } from './iff.ts';
import { iso9660 } from './iso/iso9660.ts';
import { avif, heif, m4a, mov, mp4, threeGp } from './isobmff/isobmff.ts';
import { javaClass } from './java-class/java-class.ts';
import { javaJceks, javaKeystore } from './java-keystore.ts';
import { exiv2 } from './jpeg/exiv2.ts';
import { jpeg } from './jpeg/jpeg.ts';
import { j2k, jp2 } from './jpeg2000/jpeg2000.ts';
import { jxl } from './jxl.ts';
import { kdb } from './keepass/kdb.ts';
import { kdbx } from './keepass/kdbx.ts';
import { keybox } from './keybox.ts';
import { levelDbLog } from './leveldb/log.ts';
import { levelDbTable, pebbleTable, rocksDbTable } from './leveldb/table.ts';
import { lha } from './lha/lha.ts';
import { lnk } from './lnk/lnk.ts';
import { mlp } from './lossless/mlp.ts';
import { monkeysAudio } from './lossless/monkeys-audio.ts';
import { tak } from './lossless/tak.ts';
import { tta } from './lossless/tta.ts';
import { wavpack } from './lossless/wavpack.ts';
import { luks } from './luks/luks.ts';
import { lz4 } from './lz4/lz4.ts';
import { lzip } from './lzip.ts';
import { lzmaAlone } from './lzma-alone.ts';
import { lzop } from './lzop/lzop.ts';
import { machoFat } from './macho/fat.ts';
import { macho } from './macho/macho.ts';
import { matlab4 } from './matlab/level4.ts';
import { matlab } from './matlab/level5.ts';
import { matroska } from './matroska/matroska.ts';
import { emf } from './metafile/emf.ts';
import { wmf } from './metafile/wmf.ts';
import { midi } from './midi.ts';
import { chunkedModels } from './models/chunked-models.ts';
import { gameModels, milkshape, usdCrate } from './models/game-models.ts';
import { m3d } from './models/m3d.ts';
import { ply } from './models/ply.ts';
import { mpegPs } from './mpeg/program-stream.ts';
import { m2ts, mpegTs } from './mpeg/transport-stream.ts';
import { adts } from './mpeg-audio/adts.ts';
import { mp2, mp3 } from './mpeg-audio/mpeg-audio.ts';
import { ariaControl, ariaData, ariaIndex } from './mysql/aria.ts';
import { mysqlBinlog } from './mysql/binlog.ts';
import { mysqlCsvMeta } from './mysql/csv-meta.ts';
import { myisamIndex, mysqlFrm } from './mysql/definition.ts';
import { innodb } from './mysql/innodb.ts';
import { netcdf } from './netcdf/netcdf.ts';
import { npy } from './npy.ts';
import { coff } from './objects/coff.ts';
import { ogg } from './ogg/ogg.ts';
import { openpgp } from './openpgp/openpgp.ts';
import { opensslEnc } from './openssl-enc.ts';
import { orc } from './orc/orc.ts';
import { berkeleyDb } from './page-stores/berkeley.ts';
import { duckdb } from './page-stores/duckdb.ts';
import { accdb, access } from './page-stores/jet.ts';
import { lmdb } from './page-stores/lmdb.ts';
import { palmDatabases } from './palm-database.ts';
import { parquet } from './parquet/parquet.ts';
import { pcap } from './pcap/pcap.ts';
import { pcapng } from './pcap/pcapng.ts';
import { pcf } from './pcf.ts';
import { pdf } from './pdf/pdf.ts';
import { pe } from './pe/pe.ts';
import { pickle } from './pickle.ts';
import { plan9Font } from './plan9-font.ts';
import { networkGraphics } from './png/network-graphics.ts';
import { png } from './png/png.ts';
import { pgControl } from './postgres/control.ts';
import { pgCopy } from './postgres/copy.ts';
import { pgDump } from './postgres/dump.ts';
import { pgFilenode } from './postgres/filenode.ts';
import { pgHeap } from './postgres/heap.ts';
import { pgWal } from './postgres/wal.ts';
import { prefetch } from './prefetch.ts';
import { psd } from './psd/psd.ts';
import { pyc } from './python/pyc.ts';
import { rar } from './rar/rar.ts';
import { dcx } from './raster/dcx.ts';
import { dds } from './raster/dds.ts';
import { netpbm } from './raster/netpbm.ts';
import { pam, pfm } from './raster/pam.ts';
import { pcx } from './raster/pcx.ts';
import { qoi } from './raster/qoi.ts';
import { radiance } from './raster/radiance.ts';
import { sgi } from './raster/sgi.ts';
import { sixel } from './raster/sixel.ts';
import { sunRaster } from './raster/sun.ts';
import { ftex, ktx } from './raster/textures.ts';
import { tga } from './raster/tga.ts';
import { rawDeflate } from './raw-deflate.ts';
import { redisAof } from './redis/aof.ts';
import { redisRdb } from './redis/rdb.ts';
import { regf } from './regf/regf.ts';
import { restic } from './restic.ts';
import { rpm } from './rpm/rpm.ts';
import { rtf } from './rtf/rtf.ts';
import { fontCollection } from './sfnt/collection.ts';
import { opentype, truetype } from './sfnt/sfnt.ts';
import { shapefile } from './shapefile.ts';
import { bareImages } from './sized/bare-images.ts';
import { cartridges } from './sized/cartridges.ts';
import { headedImages } from './sized/headed-images.ts';
import { labelledImages } from './sized/labelled-images.ts';
import { sizedSounds } from './sized/sounds.ts';
import { snappyFramed } from './snappy-framed.ts';
import { sqliteJournal } from './sqlite/journal.ts';
import { sqliteShm } from './sqlite/shared-memory.ts';
import { sqlite } from './sqlite/sqlite.ts';
import { sqliteWal } from './sqlite/wal.ts';
import { squashfs } from './squashfs/squashfs.ts';
import { sasXport } from './statistics-data/sas-xport.ts';
import { sas7bdat } from './statistics-data/sas7bdat.ts';
import { stata } from './statistics-data/stata.ts';
import { stl } from './stl.ts';
import { swf } from './swf.ts';
import { tar } from './tar/tar.ts';
import { csv } from './text/csv.ts';
import { html } from './text/html.ts';
import { json } from './text/json.ts';
import { mail } from './text/mail.ts';
import { pem } from './text/pem.ts';
import { text } from './text/text.ts';
import { xml } from './text/xml.ts';
import { tiff } from './tiff/tiff.ts';
import { torrent } from './torrent.ts';
import { trustdb } from './trustdb.ts';
import { unixCompress } from './unix-compress.ts';
import { utmp } from './utmp/utmp.ts';
import { avi } from './video/avi.ts';
import { dv } from './video/dv.ts';
import { flic } from './video/flic.ts';
import { flv } from './video/flv.ts';
import { y4m } from './video/y4m.ts';
import { warc } from './warc.ts';
import { wasm } from './wasm/wasm.ts';
import { webp } from './webp/webp.ts';
import { woff } from './woff.ts';
import { lotus123, lotus123Release3, quattro } from './worksheet.ts';
import { xz } from './xz.ts';
import { zip } from './zip/zip.ts';
import { zlibStream } from './zlib-stream.ts';
import { zstd } from './zstd.ts';

/**
 * The formats that can be verified. Where several claim a file, the first that proves it wins: those with long
 * magic bytes stand before those with short ones, and those that are recognised by their content alone stand last.
 */
export const formats: readonly Format[] = [
  zip,
  zlibStream,
  gzip,
  xz,
  bzip2,
  sevenZip,
  lz4,
  lzop,
  snappyFramed,
  unixCompress,
  brotli,
  zstd,
  lzip,
  lzmaAlone,
  png,
  jpeg,
  pdf,
  cfb,
  excelBiff,
  rtf,
  sqlite,
  sqliteWal,
  sqliteJournal,
  sqliteShm,
  tiff,
  gif,
  der,
  pem,
  elf,
  bmp,
  dib,
  ico,
  cur,
  icc,
  pe,
  psd,
  webp,
  evtx,
  regf,
  lnk,
  dex,
  emf,
  wmf,
  exiv2,
  blp,
  farbfeld,
  ...iffFormats,
  ...palmDatabases,
  pcf,
  eot,
  idlSave,
  androidXml,
  androidTable,
  pickle,
  lotus123,
  lotus123Release3,
  quattro,
  tar,
  cpio,
  deb,
  ar,
  cab,
  iso9660,
  squashfs,
  arj,
  ace,
  asar,
  lha,
  arc,
  warc,
  rpm,
  rar,
  pcap,
  pcapng,
  wasm,
  macho,
  machoFat,
  javaClass,
  levelDbLog,
  levelDbTable,
  rocksDbTable,
  pebbleTable,
  pgHeap,
  pgControl,
  pgFilenode,
  pgWal,
  pgCopy,
  pgDump,
  innodb,
  mysqlBinlog,
  ariaControl,
  ariaData,
  ariaIndex,
  mysqlCsvMeta,
  mysqlFrm,
  myisamIndex,
  lmdb,
  berkeleyDb,
  duckdb,
  access,
  accdb,
  dbf,
  bson,
  prefetch,
  compressedPrefetch,
  utmp,
  truetype,
  opentype,
  fontCollection,
  woff,
  plan9Font,
  dfont,
  type1Binary,
  woff2,
  gitPack,
  gitBundle,
  gitIndex,
  gitPackIndex,
  gitMultiPackIndex,
  gitCommitGraph,
  gitReverseIndex,
  gitBitmap,
  gitObject,
  netpbm,
  pam,
  pfm,
  qoi,
  tga,
  sgi,
  sunRaster,
  pcx,
  dds,
  ...headedImages,
  ...labelledImages,
  radiance,
  ktx,
  ftex,
  dcx,
  ...networkGraphics,
  icns,
  itunesArtwork,
  age,
  opensslEnc,
  kdbx,
  kdb,
  javaKeystore,
  javaJceks,
  luks,
  borg,
  keybox,
  trustdb,
  ...envelopes,
  openpgp,
  npy,
  matlab,
  matlab4,
  netcdf,
  avro,
  m4a,
  threeGp,
  mov,
  heif,
  avif,
  mp4,
  redisRdb,
  redisAof,
  rf64,
  wav,
  aiff,
  au,
  caf,
  wave64,
  voc,
  ...sizedSounds,
  dsf,
  dsdiff,
  hcom,
  impulseTracker,
  screamTracker,
  fastTracker,
  ...cartridges,
  ewf,
  orc,
  parquet,
  arrow,
  arrowStream,
  vhd,
  vdi,
  qcow2,
  shapefile,
  sasXport,
  sas7bdat,
  stata,
  fits,
  hdf5,
  fbx,
  dicom,
  blender,
  threeDs,
  glb,
  ...chunkedModels,
  ...gameModels,
  milkshape,
  usdCrate,
  m3d,
  ply,
  stl,
  flac,
  ogg,
  mp2,
  mp3,
  ac3,
  eac3,
  adts,
  j2k,
  jp2,
  jxl,
  matroska,
  mpegTs,
  m2ts,
  avi,
  flv,
  flic,
  y4m,
  dv,
  dts,
  mpegPs,
  midi,
  amr,
  wavpack,
  tta,
  monkeysAudio,
  tak,
  mlp,
  swf,
  asf,
  ...bareImages,
  sixel,
  gsm,
  torrent,
  coff,
  pyc,
  json,
  xml,
  html,
  mail,
  csv,
  text,
  rawDeflate,
  restic,
];
