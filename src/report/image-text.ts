import { totalLength } from '../bytes/range.ts';
import type { ImageLine, SpaceLine, VolumeLine } from './line.ts';
import { bytesText, percentText, printable } from './text.ts';

/** A line on an image, one of its volumes, or its unused space, in words; all of it may be shown on a terminal. */
export function imageText(line: ImageLine | VolumeLine | SpaceLine): string {
  switch (line.type) {
    case 'image':
      return `${line.container}, ${bytesText(line.size)}, ${tableText(line)}${noticesText(line)}`;
    case 'volume':
      return `${volumeText(line)}${noticesText(line)}`;
    case 'space':
      return `${line.what}: ${spaceText(line)}`;
  }
}

function tableText({ scheme, volumes, gaps, damage, protection }: ImageLine): string {
  const parts = [
    scheme === 'none'
      ? 'no partition table'
      : `${scheme.toUpperCase()}, ${volumes} volume${volumes === 1 ? '' : 's'}`,
    ...(gaps.length > 0 ? [`${bytesText(totalLength(gaps))} between them`] : []),
    ...(damage === undefined ? [] : [`${bytesText(totalLength(damage))} encrypted`]),
    ...(protection === null ? [] : [`encrypted by its owner: ${printable(protection)}`]),
  ];
  return parts.join(', ');
}

function volumeText({ partition, label, content, state, entries }: VolumeLine): string {
  const name = label === null ? '' : ` “${printable(label)}”`;
  const what =
    state === 'read'
      ? `${content}, ${entries.toLocaleString('en-US')} names`
      : `${content ?? 'nothing known'}, ${state}`;
  return `${printable(partition)}${name}: ${what}`;
}

function spaceText({ bytes, random, zero, other, unreadable }: SpaceLine): string {
  const shares = [
    ['random', random],
    ['zero', zero],
    ['other', other],
    ['unreadable', unreadable],
  ] as const;
  const shown = shares
    .filter(([, share]) => share > 0)
    .map(([name, share]) => `${name} ${percentText(share, bytes)}`);
  return [bytesText(bytes), ...shown].join(', ');
}

const MOST_NOTICES = 3;

function noticesText({ notices }: ImageLine | VolumeLine): string {
  const shown = notices.slice(0, MOST_NOTICES).map(({ text }) => printable(text));
  const more = notices.length > MOST_NOTICES ? [`${notices.length - MOST_NOTICES} more in the report`] : [];
  return [...shown, ...more].map((text) => `; ${text}`).join('');
}
