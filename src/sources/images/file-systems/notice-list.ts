import { Broken, OverBudget, ReadError } from '../../../bytes/errors.ts';
import type { Notice } from '../container.ts';

/** Notices that are kept of one file system; a damaged one could give millions. */
const MOST = 1000;

/** Collects what is to be said about a file system. Each text is kept once. */
export class NoticeList {
  readonly list: Notice[] = [];
  readonly #seen = new Set<string>();

  wrong(text: string): void {
    this.#add({ level: 'wrong', text });
  }

  note(text: string): void {
    this.#add({ level: 'note', text });
  }

  #add(notice: Notice): void {
    if (this.#seen.size > MOST || this.#seen.has(notice.text)) return;
    this.#seen.add(notice.text);
    this.list.push(
      this.#seen.size <= MOST
        ? notice
        : { level: 'wrong', text: `more than ${MOST} notices: the rest is left out` },
    );
  }
}

/** What a damaged or hostile volume causes, as text. Anything else is a mistake of ours, and is thrown on. */
export function reasonOf(error: unknown): string {
  if (error instanceof Broken || error instanceof OverBudget || error instanceof ReadError)
    return error.message;
  throw error;
}
