/** The attributes of one start tag, by name; entities of XML itself are resolved. */
export type Attributes = ReadonlyMap<string, string>;

const ATTRIBUTE = /([\w.:-]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/g;
const ENTITY = /&(lt|gt|amp|quot|apos|#\d+|#x[0-9a-f]+);/gi;
const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/**
 * The start tags of one name, whatever their prefix. Whether the document is well-formed is for its own verifier to
 * say; this finds what it tells of other files.
 */
export function* tagsOf(xml: string, name: string): Generator<Attributes, void, undefined> {
  const tag = new RegExp(`<(?:[\\w.-]+:)?${name}(?=[\\s/>])([^<>]*)>`, 'g');
  for (const [, inside] of xml.matchAll(tag)) {
    const attributes = new Map<string, string>();
    for (const [, key, double, single] of inside!.matchAll(ATTRIBUTE)) {
      attributes.set(key!.replace(/^[\w.-]+:/, ''), resolve(double ?? single ?? ''));
    }
    yield attributes;
  }
}

function resolve(text: string): string {
  return text.replace(ENTITY, (whole, entity: string) => {
    if (!entity.startsWith('#')) return named[entity.toLowerCase()] ?? whole;
    const isHex = entity[1] === 'x' || entity[1] === 'X';
    const code = Number.parseInt(entity.slice(isHex ? 2 : 1), isHex ? 16 : 10);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
