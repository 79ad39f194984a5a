import type { Scheme, Shape } from '../verdict/scheme.ts';
import { bytesText } from './text.ts';

/** The layout of the encryption, in words. */
export function schemeText(scheme: Scheme): string {
  return `${shapeText(scheme)}${scheme.trailer > 0 ? `, ${bytesText(scheme.trailer)} appended` : ''}`;
}

function shapeText(shape: Shape): string {
  switch (shape.kind) {
    case 'full':
      return 'the whole file';
    case 'head':
      return `the first ${bytesText(shape.length)}`;
    case 'tail':
      return `the last ${bytesText(shape.length)}`;
    case 'keeps-head':
      return `all but the first ${bytesText(shape.kept)}`;
    case 'stripes':
      return `${bytesText(shape.length)} of every ${bytesText(shape.period)}, from byte ${shape.first} on`;
    case 'head-and-stripes':
      return `the first ${bytesText(shape.head)}, then ${bytesText(shape.length)} of every ${bytesText(shape.period)}`;
    case 'spots':
      return `${shape.spots.length} ${shape.spots.length === 1 ? 'spot' : 'spots'}`;
  }
}
