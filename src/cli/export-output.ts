import { bodyFile } from '../report/exports/body-file.ts';
import { csv } from '../report/exports/csv.ts';
import { dfxml } from '../report/exports/dfxml.ts';
import { type Export, exportLines } from '../report/exports/export.ts';
import { LineOutput } from './output.ts';

/** Files to write the report to in other forms, as they were given on the command line. */
export interface ExportOptions {
  readonly dfxml?: string;
  readonly body?: string;
  readonly csv?: string;
}

/** A file into which the report goes in another form. */
export class ExportOutput {
  readonly #output: LineOutput;
  readonly #form: Export;

  private constructor(output: LineOutput, form: Export) {
    this.#output = output;
    this.#form = form;
  }

  /** Makes the files anew. @throws UsageError when one can't be made */
  static async openAll(options: ExportOptions): Promise<ExportOutput[]> {
    const wanted: [string | undefined, Export][] = [
      [options.dfxml, dfxml],
      [options.body, bodyFile],
      [options.csv, csv],
    ];
    const opened: ExportOutput[] = [];
    for (const [path, form] of wanted) {
      if (path !== undefined) opened.push(new ExportOutput(await LineOutput.toFile(path), form));
    }
    return opened;
  }

  get closed(): boolean {
    return this.#output.closed;
  }

  /** Takes whole lines of the report. */
  async write(text: string): Promise<void> {
    const exported = exportLines(text, this.#form);
    if (exported !== '') await this.#output.write(exported);
  }

  end(): Promise<void> {
    return this.#output.end();
  }
}
