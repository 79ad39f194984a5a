import type { KnownFormat } from '../format.ts';
import type { Archive } from './archive.ts';
import { type Kind, kindOf } from './kind.ts';

/** Kinds that are told by entries of certain names, and have no rules that bind their entries. */
const marks: readonly (readonly [RegExp, KnownFormat])[] = [
  [/^META-INF\/mozilla\.rsa$|^install\.rdf$/, kindOf('xpi', 'Mozilla extension', 'MDN: XPI')],
  [/^Payload\/[^/]+\.app\//, kindOf('ipa', 'iOS application', 'Apple: application archive')],
  [
    /^Index\/Document\.iwa$|^Index\.zip$/,
    kindOf('iwork', 'Apple iWork document', 'none public', ['pages', 'numbers', 'key']),
  ],
  [/^designmap\.xml$/, kindOf('idml', 'InDesign markup', 'Adobe IDML specification')],
  [/^doc\.kml$|^[^/]+\.kml$/, kindOf('kmz', 'Keyhole markup, zipped', 'OGC KML 2.3, annex')],
  [/^[^/]+\/data\.pkl$/, kindOf('pt', 'PyTorch checkpoint', 'PyTorch serialization', ['pt', 'pth'])],
];
const npz = kindOf('npz', 'NumPy arrays', 'NumPy: numpy.lib.format');

export const plainKinds: Kind = {
  recognise(archive: Archive): KnownFormat | null {
    let areArrays = archive.first !== '';
    for (const name of archive.names) {
      const mark = marks.find(([pattern]) => pattern.test(name));
      if (mark !== undefined) return mark[1];
      areArrays &&= name.endsWith('.npy');
    }
    return areArrays ? npz : null;
  },
};
