import type { PdfDocument } from './document.ts';

/**
 * Compares where the cross-references say that objects stand with where they were met. Every byte of the file was
 * read, so that a wrong offset hides nothing: honest, careless writers have them.
 */
export function checkPlaces(document: PdfDocument, sections: number): void {
  const { references, seen, headerAt, reader } = document;
  if (sections === 0 && seen.count > 0) document.oddity(reader.size, 'no cross-reference section was found');
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
