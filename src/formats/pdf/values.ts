/** What PDF syntax can say (ISO 32000-1 §7.3). Numbers, booleans and null stand for themselves. */
export type PdfValue = null | boolean | number | Name | Text | Reference | PdfArray | Dictionary;

export class Name {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

export class Text {
  /** The first 256 bytes as Latin-1. */
  readonly text: string;
  /** In bytes. */
  readonly length: number;
  constructor(text: string, length: number) {
    this.text = text;
    this.length = length;
  }
}

export class Reference {
  readonly object: number;
  readonly generation: number;
  constructor(object: number, generation: number) {
    this.object = object;
    this.generation = generation;
  }
}

export type PdfArray = readonly PdfValue[];
export type Dictionary = ReadonlyMap<string, PdfValue>;

export function isDictionary(value: PdfValue | undefined): value is Dictionary {
  return value instanceof Map;
}

export function isArray(value: PdfValue | undefined): value is PdfArray {
  return Array.isArray(value);
}

/** The name under `key`, or an empty string. */
export function nameIn(dictionary: Dictionary, ...keys: string[]): string {
  for (const key of keys) {
    const value = dictionary.get(key);
    if (value instanceof Name) return value.name;
  }
  return '';
}

/** The whole number ≥ 0 under `key`, or null. */
export function countIn(dictionary: Dictionary, key: string): number | null {
  return asCount(dictionary.get(key));
}

export function asCount(value: PdfValue | undefined): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}
