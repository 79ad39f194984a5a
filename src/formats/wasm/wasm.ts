import { Broken, Truncated } from '../../bytes/errors.ts';
import type { Reader } from '../../bytes/reader.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Format } from '../format.ts';
import { isValidModule } from './engine.ts';

const HEADER = 8;
const CUSTOM = 0;
const DATA = 11;
/** Constants of eight bytes stand free in code, up to a few in a row. */
const CODE_FLOOR = 64;
const MOST_VALIDATED = 64 << 20;
const names = [
  'custom',
  'types',
  'imports',
  'functions',
  'tables',
  'memories',
  'globals',
  'exports',
  'start',
  'elements',
  'code',
  'data',
  'data count',
  'tags',
];

interface Section {
  readonly id: number;
  readonly start: number;
  readonly contentAt: number;
  readonly end: number;
}

export const wasm: Format = {
  id: 'wasm',
  title: 'WebAssembly module',
  extensions: ['wasm'],
  signatures: [{ at: 0, hex: '0061736d' }],
  spec: 'WebAssembly Core Specification, section 5.5',
  proof:
    'sections tile the file, and the engine validates types and bodies; data and custom sections stay raw',
  texture: 'plain',
  verify(reader: Reader, ledger: Ledger): void {
    if (reader.u32le(4, 'version') !== 1) {
      // Components, and modules from before the standard.
      ledger.raw(0, reader.size, 'module of another version');
      ledger.unexamined(0, reader.size, `version ${reader.u32le(4)} of the binary format`);
      return;
    }
    const sections = readSections(reader);
    const isValid = reader.size <= MOST_VALIDATED && isValidModule(readAll(reader));
    ledger.account(0, HEADER, 'structure', 'magic and version');
    for (const { id, start, contentAt, end } of sections) {
      ledger.account(start, contentAt, 'structure', 'section headers');
      if (isValid && id !== CUSTOM && id !== DATA)
        ledger.account(contentAt, end, 'grammar', `${names[id]}`, CODE_FLOOR);
      else ledger.raw(contentAt, end, names[id] ?? 'section');
    }
    // Proposals that this engine doesn't know make honest modules invalid for it.
    if (!isValid) ledger.unexamined(HEADER, reader.size, 'the engine at hand does not validate this module');
  },
};

function readSections(reader: Reader): Section[] {
  const sections: Section[] = [];
  for (let at = HEADER; at < reader.size; ) {
    reader.meter.step();
    const id = reader.u8(at);
    if (id >= names.length) throw new Broken(at, 'section id', `less than ${names.length}`, id);
    const { value, end: contentAt } = readSize(reader, at + 1);
    const end = contentAt + value;
    if (end > reader.size) throw new Truncated(reader.size, `section ${names[id]}`, end - reader.size);
    sections.push({ id, start: at, contentAt, end });
    at = end;
  }
  return sections;
}

/** LEB128 of 32 bits (§5.2.2). */
function readSize(reader: Reader, start: number): { value: number; end: number } {
  let value = 0;
  for (let i = 0; i < 5; i++) {
    const byte = reader.u8(start + i, 'section size');
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { value, end: start + i + 1 };
  }
  throw new Broken(start, 'section size', 'at most five bytes', 'more');
}

function readAll(reader: Reader): Uint8Array {
  const bytes = new Uint8Array(reader.size);
  let at = 0;
  for (const part of reader.stream(0, reader.size)) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
