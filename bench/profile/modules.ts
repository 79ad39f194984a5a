import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Which module of the source a line of the built command comes from: the bundler notes it in comments. */
export class Modules {
  readonly #byFile = new Map<string, readonly { line: number; module: string }[]>();

  /** @param line counted from 0 */
  of(url: string, line: number): string {
    if (url === '') return 'engine';
    if (url.startsWith('wasm:')) return 'WebAssembly';
    if (!url.startsWith('file:')) return url;
    const marks = this.#marksOf(fileURLToPath(url));
    const mark = marks.findLast((each) => each.line <= line);
    return mark?.module ?? url.replace(/.*\/node_modules\//, '');
  }

  #marksOf(path: string): readonly { line: number; module: string }[] {
    let marks = this.#byFile.get(path);
    if (marks === undefined) {
      const lines = readFileSync(path, 'utf8').split('\n');
      marks = lines.flatMap((text, line) => {
        const module = /^\/\/ (src\/\S+\.ts)$/.exec(text)?.[1];
        return module === undefined ? [] : [{ line, module }];
      });
      this.#byFile.set(path, marks);
    }
    return marks;
  }
}
