import type { Scheme } from '../verdict/scheme.ts';
import { bytesText } from './text.ts';

/** The layout of the encryption, in words. */
export function schemeText(scheme: Scheme): string {
  switch (scheme.kind) {
    case 'full':
      return 'the whole file';
    case 'head':
      return `the first ${bytesText(scheme.length)}`;
    case 'tail':
      return `the last ${bytesText(scheme.length)}`;
    case 'keeps-head':
      return `all but the first ${bytesText(scheme.kept)}`;
    case 'stripes':
      return `${bytesText(scheme.length)} of every ${bytesText(scheme.period)}, from byte ${scheme.first} on`;
    case 'spots':
      return `${scheme.spots.length} ${scheme.spots.length === 1 ? 'spot' : 'spots'}`;
  }
}
