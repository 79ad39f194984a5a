import { amr } from '../../../src/formats/amr.ts';
import { aiff } from '../../../src/formats/audio/aiff.ts';
import { au } from '../../../src/formats/audio/au.ts';
import { caf } from '../../../src/formats/audio/caf.ts';
import { voc } from '../../../src/formats/audio/voc.ts';
import { rf64, wav } from '../../../src/formats/audio/wav.ts';
import { wave64 } from '../../../src/formats/audio/wave64.ts';
import { ac3, eac3 } from '../../../src/formats/dolby/ac3.ts';
import { flac } from '../../../src/formats/flac/flac.ts';
import type { Format } from '../../../src/formats/format.ts';
import { avif, heif, m4a, mov, mp4, threeGp } from '../../../src/formats/isobmff/isobmff.ts';
import { j2k } from '../../../src/formats/jpeg2000/jpeg2000.ts';
import { jxl } from '../../../src/formats/jxl.ts';
import { monkeysAudio } from '../../../src/formats/lossless/monkeys-audio.ts';
import { tta } from '../../../src/formats/lossless/tta.ts';
import { wavpack } from '../../../src/formats/lossless/wavpack.ts';
import { matroska } from '../../../src/formats/matroska/matroska.ts';
import { midi } from '../../../src/formats/midi.ts';
import { mpegPs } from '../../../src/formats/mpeg/program-stream.ts';
import { m2ts, mpegTs } from '../../../src/formats/mpeg/transport-stream.ts';
import { adts } from '../../../src/formats/mpeg-audio/adts.ts';
import { mp2 } from '../../../src/formats/mpeg-audio/mpeg-audio.ts';
import { ogg } from '../../../src/formats/ogg/ogg.ts';
import { swf } from '../../../src/formats/swf.ts';
import { avi } from '../../../src/formats/video/avi.ts';
import { flv } from '../../../src/formats/video/flv.ts';
import { describeFamily } from '../../support/family.ts';

/** Formats of sound and moving pictures, and the types of real files that hold them. */
const families: readonly (readonly [Format, readonly string[]])[] = [
  [mp4, ['m4v', 'f4v', 'm4b']],
  [m4a, ['m4a']],
  [mov, ['mov']],
  [threeGp, ['3gp', '3g2']],
  [heif, ['heic', 'heif']],
  [avif, ['avif', 'avifs']],
  [j2k, ['j2k', 'j2c']],
  [jxl, ['jxl']],
  [wav, ['wav']],
  [rf64, ['wav']],
  [wave64, ['w64']],
  [aiff, ['aiff']],
  [au, ['au']],
  [caf, ['caf']],
  [voc, ['voc']],
  [flac, ['flac']],
  [ogg, ['ogg', 'opus', 'spx', 'oggflac', 'ogv']],
  [mp2, ['mp2', 'mp1']],
  [adts, ['aac']],
  [ac3, ['ac3']],
  [eac3, ['eac3']],
  [matroska, ['mkv', 'mka', 'webm', 'weba']],
  [mpegTs, ['ts']],
  [m2ts, ['m2ts']],
  [mpegPs, ['mpg']],
  [avi, ['avi']],
  [flv, ['flv']],
  [midi, ['mid']],
  [amr, ['amr']],
  [wavpack, ['wv']],
  [tta, ['tta']],
  [monkeysAudio, ['ape']],
  [swf, ['swf']],
];

for (const [format, types] of families) describeFamily(format, types, 12);
