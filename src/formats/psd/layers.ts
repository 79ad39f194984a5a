import { Broken } from '../../bytes/errors.ts';
import type { Place } from '../stored.ts';
import { isZeroFilled } from '../tail.ts';
import type { Canvas } from './canvas.ts';
import { accountChannel } from './channel.ts';

/** Keys of additional layer information whose length has 64 bits in PSB. */
const wideKeys = new Set([
  ...['LMsk', 'Lr16', 'Lr32', 'Layr', 'Mt16', 'Mt32', 'Mtrn', 'Alph', 'FMsk', 'lnk2', 'FEid', 'FXid', 'PxSD'],
  ...['cinf', 'lnkE', 'lnkD', 'extn', 'extd', 'pths'],
]);

interface Channel {
  readonly length: number;
  readonly width: number;
  readonly height: number;
}

/** Layer and mask information: layers, global mask, further blocks, each with its length. */
export function accountLayers(place: Place, canvas: Canvas): void {
  const { reader, ledger, start, end } = place;
  if (end === start) return;
  const layersAt = start + (canvas.isBig ? 8 : 4);
  const length = canvas.isBig ? reader.u64be(start) : reader.u32be(start);
  const layersEnd = layersAt + length;
  if (layersEnd > end) throw new Broken(start, 'layer info length', `at most ${end - layersAt}`, length);
  ledger.account(start, layersAt, 'structure', 'layer info length');
  if (length > 0) accountLayerInfo({ ...place, start: layersAt, end: layersEnd }, canvas);
  if (layersEnd + 4 > end) {
    accountRest({ ...place, start: layersEnd });
    return;
  }
  const maskEnd = layersEnd + 4 + reader.u32be(layersEnd, 'global mask length');
  if (maskEnd > end) throw new Broken(layersEnd, 'global mask length', `at most ${end - layersEnd - 4}`);
  ledger.account(layersEnd, layersEnd + 4, 'structure', 'global mask length');
  ledger.raw(layersEnd + 4, maskEnd, 'global mask');
  accountBlocks({ ...place, start: maskEnd }, canvas);
}

/** Records of all layers, then the channels of all layers in the same order. */
function accountLayerInfo(place: Place, canvas: Canvas): void {
  const { reader, ledger, start, end } = place;
  const signed = (reader.u16be(start, 'layer count') << 16) >> 16;
  ledger.account(start, start + 2, 'structure', 'layer count');
  const channels: Channel[] = [];
  let at = start + 2;
  for (let i = 0; i < Math.abs(signed); i++) at = accountRecord({ ...place, start: at }, canvas, channels);
  for (const channel of channels) {
    reader.meter.step();
    const channelEnd = at + channel.length;
    if (channelEnd > end) throw new Broken(at, 'channel length', `at most ${end - at}`, channel.length);
    accountLayerChannel({ ...place, start: at, end: channelEnd }, channel, canvas);
    at = channelEnd;
  }
  accountRest({ ...place, start: at });
}

/** Bounds, channels, blend mode; then mask, blending ranges, name and blocks under a common length. */
function accountRecord(place: Place, canvas: Canvas, channels: Channel[]): number {
  const { reader, ledger, start, end } = place;
  reader.meter.step();
  const count = reader.u16be(start + 16, 'layer channels');
  const lengthSize = canvas.isBig ? 8 : 4;
  const blendAt = start + 18 + count * (2 + lengthSize);
  if (count > 56 || blendAt + 16 > end) throw new Broken(start + 16, 'layer channels', 'at most 56', count);
  const signature = reader.latin1(blendAt, 4);
  if (signature !== '8BIM') throw new Broken(blendAt, 'blend mode signature', '8BIM', signature);
  const extraAt = blendAt + 16;
  const extraEnd = extraAt + reader.u32be(blendAt + 12);
  if (extraEnd > end)
    throw new Broken(blendAt + 12, 'layer extra length', `at most ${end - extraAt}`, extraEnd);
  const maskSizes = readMaskSizes(place, extraAt, extraEnd);
  for (let at = start + 18; at < blendAt; at += 2 + lengthSize) {
    const id = (reader.u16be(at) << 16) >> 16;
    const length = canvas.isBig ? reader.u64be(at + 2) : reader.u32be(at + 2);
    channels.push({ length, ...(id < -1 ? maskSizes(id) : sizeAt(place, start)) });
  }
  ledger.account(start, extraAt, 'structure', 'layer record', 24);
  accountExtra({ ...place, start: extraAt, end: extraEnd }, canvas);
  return extraEnd;
}

/** A rectangle of top, left, bottom, right. */
function sizeAt({ reader }: Place, at: number): { width: number; height: number } {
  const side = (i: number) => reader.u32be(at + 4 * i) | 0;
  return { width: Math.max(0, side(3) - side(1)), height: Math.max(0, side(2) - side(0)) };
}

/** Channels −2 and −3 have the size of the layer's mask, and of the real one behind it. */
function readMaskSizes(
  place: Place,
  at: number,
  end: number,
): (id: number) => { width: number; height: number } {
  const length = end - at >= 4 ? place.reader.u32be(at) : 0;
  const none = { width: 0, height: 0 };
  return (id) => {
    if (id === -2) return length >= 16 ? sizeAt(place, at + 4) : none;
    return length >= 36 ? sizeAt(place, at + 4 + 20) : none;
  };
}

function accountExtra(place: Place, canvas: Canvas): void {
  const { reader, ledger, start, end } = place;
  let at = start;
  for (const what of ['layer mask', 'blending ranges']) {
    const dataEnd = at + 4 + reader.u32be(at, what);
    if (dataEnd > end) throw new Broken(at, `${what} length`, `at most ${end - at - 4}`, dataEnd - at - 4);
    ledger.account(at, at + 4, 'structure', `${what} length`);
    ledger.raw(at + 4, dataEnd, what);
    at = dataEnd;
  }
  const nameEnd = at + 4 * Math.ceil((1 + reader.u8(at, 'layer name')) / 4);
  if (nameEnd > end) throw new Broken(at, 'layer name', `at most ${end - at}`, nameEnd - at);
  ledger.raw(at, nameEnd, 'layer name');
  accountBlocks({ ...place, start: nameEnd }, canvas);
}

/** Additional layer information: signature, key, length, data. */
function accountBlocks(place: Place, canvas: Canvas): void {
  const { reader, ledger, start, end } = place;
  for (let at = start; at < end; ) {
    reader.meter.step();
    const signature = end - at >= 12 ? reader.latin1(at, 4) : '';
    if (signature !== '8BIM' && signature !== '8B64') {
      accountRest({ ...place, start: at });
      return;
    }
    const isWide = signature === '8B64' || (canvas.isBig && wideKeys.has(reader.latin1(at + 4, 4)));
    const dataAt = at + (isWide ? 16 : 12);
    const length = isWide ? reader.u64be(at + 8) : reader.u32be(at + 8);
    const dataEnd = dataAt + length;
    if (dataEnd > end) throw new Broken(at + 8, 'block length', `at most ${end - dataAt}`, length);
    const key = reader.latin1(at + 4, 4);
    ledger.account(at, dataAt, 'structure', 'block header', 8);
    accountBlock({ ...place, start: dataAt, end: dataEnd }, key, canvas);
    at = nextBlock(place, dataEnd);
  }
}

/** 16- and 32-bit images keep their layers in a block. */
function accountBlock(place: Place, key: string, canvas: Canvas): void {
  const isLayers = key === 'Layr' || key === 'Lr16' || key === 'Lr32';
  if (isLayers && place.end > place.start) accountLayerInfo(place, canvas);
  else place.ledger.raw(place.start, place.end, `block ${key.replaceAll(/[^ -~]/g, '?')}`);
}

/** Blocks are filled up to 2 or 4 bytes, by some writers only. */
function nextBlock({ reader, end }: Place, at: number): number {
  for (let next = at; next <= at + 3 && next + 4 <= end; next++) {
    if (reader.has(next, '8BIM') || reader.has(next, '8B64')) return next;
  }
  return at;
}

function accountLayerChannel(place: Place, { width, height }: Channel, { isBig, bits }: Canvas): void {
  const { ledger, start, end } = place;
  if (end - start < 2) return;
  const isEmpty = width === 0 || height === 0;
  if (isEmpty) {
    ledger.raw(start, end, 'channel without pixels');
    return;
  }
  try {
    const channelEnd = accountChannel(place, {
      isBig,
      rows: height,
      rowBytes: Math.ceil((width * bits) / 8),
    });
    accountRest({ ...place, start: channelEnd });
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    ledger.broken(error, end);
  }
}

function accountRest({ reader, ledger, start, end }: Place): void {
  if (start < end && isZeroFilled(reader, start, end)) ledger.account(start, end, 'padding', 'filling');
}
