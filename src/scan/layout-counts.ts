import { type LayoutName, layoutName } from '../report/layout-name.ts';
import type { FileLine, ReportedLayout } from '../report/line.ts';

/** So many layouts are told apart; when there are more, the half with fewer files is counted as others. */
const MOST = 1024;

/** How many files were encrypted in which layout. */
export class LayoutCounts {
  #counts = new Map<string, ReportedLayout>();
  /** Files of layouts that were forgotten. */
  #others = 0;

  addFile(line: Pick<FileLine, 'verdict' | 'scheme' | 'size'>): void {
    const layout = layoutOf(line);
    if (layout !== null) this.add({ ...layout, files: 1 });
  }

  add({ kind, text, files }: ReportedLayout): void {
    const before = this.#counts.get(text)?.files ?? 0;
    this.#counts.set(text, { kind, text, files: before + files });
    if (this.#counts.size > MOST) this.#forget();
  }

  /** Those with most files first. */
  ranked(): ReportedLayout[] {
    return [...this.#counts.values()].sort((a, b) => b.files - a.files || (a.text < b.text ? -1 : 1));
  }

  /** The first of the ranked, and in how many files others were found. */
  top(most: number): { readonly layouts: readonly ReportedLayout[]; readonly others: number } {
    const ranked = this.ranked();
    const others = ranked.slice(most).reduce((sum, { files }) => sum + files, this.#others);
    return { layouts: ranked.slice(0, most), others };
  }

  #forget(): void {
    const { layouts, others } = this.top(MOST / 2);
    this.#others = others;
    this.#counts = new Map(layouts.map((layout) => [layout.text, layout]));
  }
}

/** Null where the file isn't encrypted, or its layout isn't known. */
export function layoutOf({
  verdict,
  scheme,
  size,
}: Pick<FileLine, 'verdict' | 'scheme' | 'size'>): LayoutName | null {
  return verdict === 'encrypted' && scheme !== null ? layoutName(scheme, size) : null;
}
