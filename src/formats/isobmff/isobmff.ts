import { Broken } from '../../bytes/errors.ts';
import type { Format } from '../format.ts';
import { accountMedia } from './media.ts';

const proof =
  'boxes tile the file and sample tables find every sample; NAL units and OBUs end exactly with their samples. ' +
  'What the coders of sound and pictures made stays unproved where its units are long';

export const mp4: Format = {
  id: 'mp4',
  title: 'ISO base media file',
  extensions: ['mp4', 'm4v', 'm4p', 'mp4v', 'f4v', 'f4p', 'ismv'],
  signatures: [
    { at: 4, hex: '66747970' },
    { at: 4, hex: '73747970' },
  ],
  spec: 'ISO/IEC 14496-12; ISO/IEC 14496-15 (NAL units); ISO/IEC 23001-7 (Common Encryption)',
  proof,
  texture: 'dense',
  verify: (reader, ledger, context) => void accountMedia(reader, ledger, context),
};

export const m4a: Format = {
  ...mp4,
  id: 'm4a',
  title: 'MPEG-4 audio',
  extensions: ['m4a', 'm4b', 'm4r', 'aax'],
  signatures: [
    { at: 4, hex: '667479704d344120' },
    { at: 4, hex: '667479704d344220' },
    { at: 4, hex: '6674797061617820' },
  ],
  spec: 'ISO/IEC 14496-14; mp4ra.org brands',
};

export const threeGp: Format = {
  ...mp4,
  id: '3gp',
  title: '3GPP media',
  extensions: ['3gp', '3g2', '3gpp'],
  signatures: [
    { at: 4, hex: '66747970336770' },
    { at: 4, hex: '66747970336732' },
    { at: 4, hex: '667479706b646469' },
  ],
  spec: '3GPP TS 26.244, section 5.3',
};

export const mov: Format = {
  ...mp4,
  id: 'mov',
  title: 'QuickTime movie',
  extensions: ['mov', 'qt'],
  signatures: [
    { at: 4, hex: '6674797071742020' },
    { at: 4, hex: '6d6f6f76' },
    { at: 4, hex: '77696465' },
    { at: 4, hex: '736b6970' },
    { at: 4, hex: '6d646174' },
    { at: 4, hex: '706e6f74' },
  ],
  spec: 'QuickTime File Format Specification, Overview',
};

export const heif: Format = {
  ...mp4,
  id: 'heif',
  title: 'HEIF image, HEVC',
  extensions: ['heic', 'heif', 'heics', 'heifs', 'hif'],
  signatures: [
    { at: 4, hex: '66747970686569' },
    { at: 4, hex: '66747970686576' },
    { at: 4, hex: '667479706d696631' },
    { at: 4, hex: '667479706d736631' },
  ],
  spec: 'ISO/IEC 23008-12; ISO/IEC 14496-12 section 8.11',
  verify: verifyImage,
};

export const avif: Format = {
  ...heif,
  id: 'avif',
  title: 'AV1 image',
  extensions: ['avif', 'avifs'],
  signatures: [{ at: 4, hex: '66747970617669' }],
  spec: 'AV1 Image File Format 1.1, section 6',
};

function verifyImage(...[reader, ledger, context]: Parameters<Format['verify']>): void {
  const boxes = accountMedia(reader, ledger, context);
  if (!boxes.some(({ type }) => type === 'meta' || type === 'moov'))
    throw new Broken(0, 'box meta', 'one', 'none');
}
