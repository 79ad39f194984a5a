import type { Format, KnownFormat } from '../formats/format.ts';
import { signatures } from '../formats/signatures.ts';
import { formats } from '../formats/table.ts';

/** Lists the formats on standard output. */
export function listFormats(asJson: boolean): void {
  process.stdout.write(asJson ? `${JSON.stringify(asData(), null, 1)}\n` : `${asText()}\n`);
}

function asData(): object[] {
  const verified = formats.map(({ id, title, extensions, spec, proof, texture }) => ({
    id,
    title,
    extensions,
    spec,
    proof,
    texture,
  }));
  const recognised = signatures.map(({ id, title, extensions, spec }) => ({
    id,
    title,
    extensions,
    spec,
    proof: null,
  }));
  return [...verified, ...recognised];
}

function asText(): string {
  return [
    `${formats.length} formats whose bytes are accounted for:`,
    ...formats.map((format) => `  ${row(format)}\n  ${' '.repeat(16)}${format.proof}`),
    '',
    `${signatures.length} formats that are recognised by their magic bytes, and stay unproved:`,
    ...signatures.map((format) => `  ${row(format)}`),
  ].join('\n');
}

function row({ id, title, extensions }: Format | KnownFormat): string {
  const names =
    extensions.length === 0 ? '' : ` (${extensions.map((extension) => `.${extension}`).join(' ')})`;
  return `${id.padEnd(15)} ${title}${names}`;
}
