import type { ReportLine } from '../report/line.ts';
import type { Path } from '../sources/folders/path.ts';
import { pathOf, relativeTo, rootsOf } from '../sources/folders/relative.ts';
import type { BaselineBuilder, HashName } from './baseline.ts';

/** Takes a list line by line; says what is wrong, null if nothing is. */
export interface LineParser {
  take(line: string): string | null;
  end(): string | null;
}

const hashByLength: Readonly<Record<number, HashName>> = { 64: 'sha256', 40: 'sha1' };
const MD5_LENGTH = 32;
const WEAK = 'MD5 proves nothing: files with one MD5 can be made at will; use SHA-256';

/** Tells by its first line what form a list has; null where it's none. */
export function detectForm(line: string, builder: BaselineBuilder): LineParser | null {
  if (line.startsWith('{"type":"scan"')) return new ReportParser(builder);
  if (/^\ufeff?\s*<(?:\?xml|dfxml|!DOCTYPE)/i.test(line)) return new DfxmlParser(builder);
  if (/^"?(?:sha-?256|sha-?1|md5)"?,|,"?(?:sha-?256|sha-?1)"?(?:,|$)/i.test(line))
    return new CsvParser(builder);
  return sumIn(line) === null ? null : new SumsParser(builder);
}

/** Lines of `sha256sum`, with or without `--tag`; a backslash stands before a line whose name has escapes. */
class SumsParser implements LineParser {
  readonly #builder: BaselineBuilder;

  constructor(builder: BaselineBuilder) {
    this.#builder = builder;
  }

  take(line: string): string | null {
    if (line === '' || line.startsWith('#')) return null;
    const hex = sumIn(line);
    if (hex === null) return 'no hash, two blanks, and a name';
    const name = hashByLength[hex.length];
    if (name === undefined) return hex.length === MD5_LENGTH ? WEAK : `a hash of ${hex.length} digits`;
    this.#builder.addHash(name, hex);
    return null;
  }

  end(): null {
    return null;
  }
}

function sumIn(line: string): string | null {
  return (
    /^\\?([0-9a-f]{32,128}) [ *]?./i.exec(line)?.[1] ??
    /^\\?SHA\d+ \(.*\) = ([0-9a-f]{32,128})$/i.exec(line)?.[1] ??
    null
  );
}

/** A report that `scan --sha256` wrote: of files that were safe, or in which nothing wrong was seen. */
class ReportParser implements LineParser {
  readonly #builder: BaselineBuilder;
  #relative: (path: Path) => Path = relativeTo([]);
  #isEnded = false;
  #hasFiles = false;
  #hasHashes = false;

  constructor(builder: BaselineBuilder) {
    this.#builder = builder;
  }

  take(text: string): string | null {
    const line = parseLine(text);
    if (line === null) return 'no line of a report';
    if (line.type === 'scan') this.#relative = relativeTo(rootsOf(line));
    if (line.type === 'end') this.#isEnded = true;
    if (line.type === 'file') this.#takeFile(line);
    return null;
  }

  end(): string | null {
    if (!this.#isEnded) return 'the report has no end: it was cut';
    return this.#hasFiles && !this.#hasHashes ? 'the report has no hashes: make it with --sha256' : null;
  }

  #takeFile(line: Extract<ReportLine, { type: 'file' }>): void {
    const { verdict, sha256, changed, origin } = line;
    this.#hasFiles = true;
    this.#hasHashes ||= sha256 !== undefined;
    const isSound = verdict === 'intact' || verdict === 'protected' || verdict === 'unproved';
    if (!isSound || changed === true || origin?.deleted === true) return;
    if (sha256 !== undefined) this.#builder.addHash('sha256', sha256);
    this.#builder.addPath(this.#relative(pathOf(line.path)), line);
  }
}

function parseLine(text: string): ReportLine | null {
  try {
    const line = JSON.parse(text) as ReportLine | null;
    return typeof line?.type === 'string' ? line : null;
  } catch {
    // What it is instead, the line's number tells.
    return null;
  }
}

/** The reference data sets of the NSRL, version 2, and what is like them: a header names the columns. */
class CsvParser implements LineParser {
  readonly #builder: BaselineBuilder;
  #column: { readonly index: number; readonly name: HashName } | null = null;

  constructor(builder: BaselineBuilder) {
    this.#builder = builder;
  }

  take(line: string): string | null {
    if (line === '') return null;
    const cells = cellsIn(line);
    if (this.#column === null) return this.#takeHeader(cells);
    const { index, name } = this.#column;
    const hex = cells[index] ?? '';
    const digits = name === 'sha256' ? 64 : 40;
    if (hex === '') return null;
    if (hex.length !== digits || !/^[0-9a-f]+$/i.test(hex)) return `column ${index + 1} is no ${name}`;
    this.#builder.addHash(name, hex);
    return null;
  }

  end(): null {
    return null;
  }

  #takeHeader(cells: readonly string[]): string | null {
    const names = cells.map((cell) => cell.toLowerCase().replace('-', ''));
    const name = (['sha256', 'sha1'] as const).find((one) => names.includes(one));
    if (name === undefined) return WEAK;
    this.#column = { name, index: names.indexOf(name) };
    return null;
  }
}

/** RFC 4180, without line ends inside quotes, which names in these lists don't have. */
function cellsIn(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(
    ([, quoted, plain]) => quoted ?? plain ?? '',
  );
}

/** Digital Forensics XML: hashes of files, not those of runs of bytes. */
class DfxmlParser implements LineParser {
  readonly #builder: BaselineBuilder;
  #left = '';
  #runs = 0;
  #isEnded = false;
  #md5 = 0;

  constructor(builder: BaselineBuilder) {
    this.#builder = builder;
  }

  take(line: string): string | null {
    const text = this.#left + line;
    let end = 0;
    for (const match of text.matchAll(TOKEN)) {
      end = match.index + match[0].length;
      const wrong = this.#takeToken(match);
      if (wrong !== null) return wrong;
    }
    // A token may go on in the next line.
    this.#left = text.slice(Math.max(end, text.length - 4096));
    return null;
  }

  end(): string | null {
    if (!this.#isEnded) return 'the DFXML has no end: it was cut';
    return this.#builder.files === 0 && this.#md5 > 0 ? WEAK : null;
  }

  #takeToken([token, type, hex]: RegExpMatchArray): string | null {
    if (type === undefined) {
      if (token.startsWith('</dfxml')) this.#isEnded = true;
      else if (token.startsWith('</')) this.#runs = Math.max(0, this.#runs - 1);
      else if (!token.endsWith('/>')) this.#runs++;
      return null;
    }
    const name = type.toLowerCase().replace('-', '');
    if (name === 'md5') this.#md5++;
    if (this.#runs > 0 || (name !== 'sha256' && name !== 'sha1')) return null;
    if (hex!.length !== (name === 'sha256' ? 64 : 40)) return `a ${name} of ${hex!.length} digits`;
    this.#builder.addHash(name, hex!);
    return null;
  }
}

const TOKEN =
  /<hashdigest\b[^>]*?\btype\s*=\s*["']([\w-]+)["'][^>]*>\s*([0-9a-f]*)\s*<\/hashdigest>|<byte_run\b[^>]*>|<\/byte_run>|<\/dfxml>/gi;
