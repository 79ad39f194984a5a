import { deflateSync } from 'node:zlib';

/** Writes small PDF files, piece by piece, remembering where its objects stand. */
export class PdfBuilder {
  readonly #pieces: Buffer[] = [];
  readonly #offsets = new Map<number, number>();
  readonly #endOfLine: string;
  #length = 0;

  constructor(endOfLine = '\n', before = '') {
    this.#endOfLine = endOfLine;
    this.raw(before);
    this.raw('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n');
  }

  get length(): number {
    return this.#length;
  }

  /** Latin-1 text or bytes as they are; `\n` in text becomes the chosen end of line. */
  raw(piece: string | Uint8Array): this {
    const bytes =
      typeof piece === 'string'
        ? Buffer.from(piece.replaceAll('\n', this.#endOfLine), 'latin1')
        : Buffer.from(piece);
    this.#pieces.push(bytes);
    this.#length += bytes.length;
    return this;
  }

  object(number: number, text: string): this {
    this.#offsets.set(number, this.#length);
    return this.raw(`${number} 0 obj\n${text}\nendobj\n`);
  }

  /** `length` lies about the data where given. */
  stream(number: number, keys: string, data: Uint8Array, length: number | string = data.length): this {
    this.#offsets.set(number, this.#length);
    this.raw(`${number} 0 obj\n<< ${keys} /Length ${length} >>\nstream\n`);
    // CR alone must not follow the keyword (ISO 32000-1 §7.3.8.1).
    if (this.#endOfLine === '\r') this.#replaceLastByte(0x0a);
    return this.raw(data).raw('\nendstream\nendobj\n');
  }

  /** Catalog, page tree and one page with the content stream 4. */
  page(): this {
    this.object(1, '<< /Type /Catalog /Pages 2 0 R >>');
    this.object(2, '<< /Type /Pages /Kids [3 0 R] /Count 1 >>');
    return this.object(3, '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R >>');
  }

  /** Table, trailer and end. @param keys more keys of the trailer, as /Prev */
  finish(keys = '', numbers = [...this.#offsets.keys()]): Buffer {
    const start = this.#length;
    this.raw('xref\n0 1\n').raw(entry(0, 65535, 'f'));
    for (const number of numbers) this.raw(`${number} 1\n`).raw(entry(this.#offsets.get(number)!, 0, 'n'));
    const size = Math.max(...this.#offsets.keys()) + 1;
    this.raw(`trailer\n<< /Size ${size} /Root 1 0 R ${keys} >>\nstartxref\n${start}\n%%EOF\n`);
    return Buffer.concat(this.#pieces);
  }

  #replaceLastByte(code: number): void {
    const last = this.#pieces.at(-1)!;
    last[last.length - 1] = code;
  }
}

function entry(offset: number, generation: number, kind: 'n' | 'f'): Buffer {
  const text = `${String(offset).padStart(10, '0')} ${String(generation).padStart(5, '0')} ${kind}\r\n`;
  return Buffer.from(text, 'latin1');
}

/** Page content of about `lines` × 60 bytes. */
export function pageContent(lines: number): Buffer {
  const text = Array.from({ length: lines }, (_, i) => {
    return `BT /F1 12 Tf 72 ${720 - i * 14} Td (Line ${i} of the minutes, as read) Tj ET`;
  });
  return Buffer.from(`q\n${text.join('\n')}\nQ\n`, 'latin1');
}

/** A page whose content is packed with Flate. */
export function flatePage(): Buffer {
  const data = deflateSync(pageContent(40));
  return new PdfBuilder().page().stream(4, '/Filter /FlateDecode', data).finish();
}
