import { Broken } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Format } from '../format.ts';
import { accountPhotoMechanic } from '../photo-mechanic.ts';
import type { Place } from '../stored.ts';
import { accountTail } from '../tail.ts';
import type { Canvas } from './canvas.ts';
import { accountChannel } from './channel.ts';
import { accountLayers } from './layers.ts';
import { accountResources } from './resources.ts';

const HEADER = 26;

export const psd: Format = {
  id: 'psd',
  title: 'Adobe Photoshop document',
  extensions: ['psd', 'psb', 'psdt', 'pdd'],
  signatures: [
    { at: 0, hex: '384250530001000000000000' },
    { at: 0, hex: '384250530002000000000000' },
  ],
  spec: 'Adobe Photoshop File Formats Specification (2019)',
  proof:
    'sections and channels tile the file; packed rows by their lengths, zipped ones by Adler-32, plain ones by contrast',
  texture: 'packed',
  verify(reader, ledger, context): void {
    const canvas = readHeader(reader);
    const place = { reader, ledger, context, start: 0, end: reader.size };
    ledger.account(0, HEADER, 'structure', 'file header', 8);
    let at = HEADER;
    at = accountSection(place, at, 4, ({ start, end }) => ledger.raw(start, end, 'colour mode data'));
    at = accountSection(place, at, 4, accountResources);
    at = accountSection(place, at, canvas.isBig ? 8 : 4, (section) => accountLayers(section, canvas));
    if (at < reader.size) at = accountComposite({ ...place, start: at }, canvas);
    else ledger.oddity(at, 'no composite image');
    if (at < reader.size) at = accountPhotoMechanic({ ...place, start: at }) ?? at;
    accountTail(reader, ledger, at);
  },
};

function readHeader(reader: Reader): Canvas {
  const version = reader.u16be(4, 'version');
  const [channels, bits] = [reader.u16be(12, 'channels'), reader.u16be(22, 'depth')];
  const [height, width] = [reader.u32be(14, 'height'), reader.u32be(18, 'width')];
  if (version !== 1 && version !== 2) throw new Broken(4, 'version', '1 or 2', version);
  if (channels < 1 || channels > 56) throw new Broken(12, 'channels', '1 to 56', channels);
  if (![1, 8, 16, 32].includes(bits)) throw new Broken(22, 'depth', '1, 8, 16 or 32', bits);
  if (width < 1 || height < 1 || Math.max(width, height) > 300_000) {
    throw new Broken(14, 'size', 'up to 300000', `${width}×${height}`);
  }
  return { isBig: version === 2, channels, width, height, bits };
}

/** A section is a length and that many bytes; what breaks inside leaves the others. */
function accountSection(place: Place, at: number, size: 4 | 8, account: (section: Place) => void): number {
  const { reader, ledger } = place;
  const start = at + size;
  const end = start + (size === 4 ? reader.u32be(at, 'section length') : reader.u64be(at, 'section length'));
  if (end > reader.size)
    throw new Broken(at, 'section length', `at most ${reader.size - start}`, end - start);
  ledger.account(at, start, 'structure', 'section length');
  try {
    account({ ...place, start, end });
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    ledger.broken(error, end);
  }
  return end;
}

/** The merged image: all channels in a row under one compression. */
function accountComposite(place: Place, { isBig, channels, width, height, bits }: Canvas): number {
  const rows = height * channels;
  return accountChannel(place, { isBig, rows, rowBytes: Math.ceil((width * bits) / 8) });
}
