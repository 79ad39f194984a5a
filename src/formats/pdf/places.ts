import { Broken } from '../../bytes/errors.ts';
import type { PdfDocument } from './document.ts';
import { type Dictionary, Reference } from './values.ts';

/**
 * Compares where the cross-references say that objects stand with where they were met. Every byte of the file was
 * read, so that a wrong offset hides nothing: honest, careless writers have them.
 */
export function checkPlaces(document: PdfDocument, trailers: readonly Dictionary[]): void {
  const { references, seen, headerAt, reader } = document;
  checkCatalog(document, trailers);
  for (let object = 0; object < references.length; object++) {
    const place = references.place(object);
    if (place === null || place.kind === 'free') continue;
    reader.meter.step();
    if (place.kind === 'offset') {
      if (seen.at(place.offset) === object || seen.at(place.offset + headerAt) === object) continue;
      const what = seen.latest(object) === null ? 'leads to no object' : 'has a wrong offset';
      document.oddity(place.offset, `cross-reference entry ${what}`);
    } else if (seen.latest(place.container) === null) {
      document.oddity(0, 'cross-reference entry leads to no object stream');
    }
  }
}

/** All of a document hangs on its catalog (ISO 32000-1 §7.7.2). */
function checkCatalog(document: PdfDocument, trailers: readonly Dictionary[]): void {
  const root = trailers.map((trailer) => trailer.get('Root')).find((value) => value !== undefined);
  const isHidden =
    document.encryption !== null && root instanceof Reference && document.offsetOf(root.object) === null;
  if (isHidden || document.dictionary(root) !== null) return;
  document.ledger.broken(new Broken(document.reader.size, 'catalog', 'a dictionary', 'none'));
}
