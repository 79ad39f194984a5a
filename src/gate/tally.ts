import { type Verdict, verdicts } from '../ledger/terms.ts';
import type {
  EndLine,
  FileLine,
  ImageLine,
  ReportedPath,
  ReportLine,
  UnreadLine,
  VolumeLine,
} from '../report/line.ts';
import { percentText } from '../report/text.ts';
import type { Path } from '../sources/folders/path.ts';
import { pathOf } from '../sources/folders/relative.ts';
import { version } from '../version.ts';
import { Canaries } from './canaries.ts';
import { DECISION_VERSION, type Decision } from './decision.ts';
import { type Fate, Fates } from './fate.ts';
import type { Action, GatePolicy } from './policy.ts';
import { codeWhenHeld, Reasons } from './reasons.ts';

/** One file, and what becomes of it. */
export interface GatedFile {
  readonly path: ReportedPath;
  /** Relative to its root, with every byte. */
  readonly relative: Path;
  readonly action: Action;
  /** Null for a link. */
  readonly line: FileLine | null;
}

const fieldOf = { accept: 'safe', aside: 'aside', hold: 'held', incomplete: 'unknown' } as const;

/** Takes the lines of a report as they come, and decides at its end. */
export class GateTally {
  readonly #policy: GatePolicy;
  readonly #relative: (path: Path) => Path;
  readonly #fates: Fates;
  readonly #canaries: Canaries;
  readonly #reasons = new Reasons();
  readonly #files = { safe: 0, aside: 0, held: 0, unknown: 0 };
  readonly #counts = Object.fromEntries(verdicts.map((verdict) => [verdict, 0])) as Record<Verdict, number>;
  #bytes = 0;
  #provedBytes = 0;
  #end: EndLine | null = null;

  constructor(policy: GatePolicy, relative: (path: Path) => Path) {
    this.#policy = policy;
    this.#relative = relative;
    this.#fates = new Fates(policy);
    this.#canaries = new Canaries(policy.canaries);
  }

  /** Gives the file that the line is on, with its fate; null where it's on none. */
  take(line: ReportLine): GatedFile | null {
    if (line.type === 'end') this.#end = line;
    else if (isLost(line)) this.#reasons.add('Q203', line.path);
    else if (line.type === 'file') return this.#takeFile(line);
    else if (line.type === 'skipped' && line.why === 'symbolic link') return this.#takeLink(line.path);
    return null;
  }

  decide(): Decision {
    const canaries = this.#canaries.states();
    for (const { path, state } of canaries) {
      if (state === 'missing') this.#reasons.add('H104', { text: path });
      else if (state !== 'intact') this.#reasons.add('H105', { text: path });
    }
    const proved = this.#provedShares();
    this.#expectShares(proved);
    this.#expectAll();
    const { held, open } = this.#reasons;
    return {
      type: 'decision',
      schema: DECISION_VERSION,
      tool: `unscathed ${version}`,
      decision: held ? 'hold' : open ? 'incomplete' : 'pass',
      complete: !open,
      reasons: this.#reasons.list(),
      files: { ...this.#files },
      counts: { ...this.#counts },
      bytes: this.#bytes,
      proved,
      canaries,
      skipped: this.#end?.skipped ?? 0,
      policy: this.#policy,
      finished: new Date().toISOString(),
    };
  }

  #takeFile(line: FileLine): GatedFile {
    const relative = this.#relative(pathOf(line.path));
    this.#counts[line.verdict]++;
    this.#bytes += line.size;
    if (line.accounted !== null) this.#provedBytes += provedBytes(line.accounted);
    this.#canaries.see(line, relative);
    return this.#settle(this.#fateOf(line, relative), line.path, relative, line);
  }

  #takeLink(path: ReportedPath): GatedFile {
    const relative = this.#relative(pathOf(path));
    return this.#settle(this.#fates.ofLink(relative), path, relative, null);
  }

  /** What was deleted in a disk image isn't going back. */
  #fateOf(line: FileLine, relative: Path): Fate {
    const fate = this.#fates.of(line, relative);
    return line.origin?.deleted === true ? { ...fate, action: 'aside' } : fate;
  }

  #settle({ action, because }: Fate, path: ReportedPath, relative: Path, line: FileLine | null): GatedFile {
    if (line !== null) this.#files[fieldOf[action]]++;
    if (action === 'hold') this.#reasons.add(codeWhenHeld(because), path);
    if (action === 'incomplete') this.#reasons.add(because === 'changed' ? 'Q202' : 'Q201', path);
    return { path, relative, action, line };
  }

  #provedShares(): Decision['proved'] {
    const files = Object.values(this.#counts).reduce((sum, count) => sum + count, 0);
    return {
      files: files === 0 ? 1 : this.#counts.intact / files,
      bytes: this.#bytes === 0 ? 1 : this.#provedBytes / this.#bytes,
    };
  }

  #expectShares({ files, bytes }: Decision['proved']): void {
    const { proved } = this.#policy;
    const lacking = [
      ...(files < proved.files
        ? [`${percentText(files, 1)} of the files, not ${percentText(proved.files, 1)}`]
        : []),
      ...(bytes < proved.bytes
        ? [`${percentText(bytes, 1)} of the bytes, not ${percentText(proved.bytes, 1)}`]
        : []),
    ];
    if (lacking.length > 0) this.#reasons.state('H115', `proved are ${lacking.join(', and ')}`);
  }

  #expectAll(): void {
    const found = Object.values(this.#files).reduce((sum, count) => sum + count, 0);
    const { files } = this.#policy.limits;
    if (found < files)
      this.#reasons.state('Q204', `${found} files were found, the policy asks for at least ${files}`);
    if (this.#end === null) this.#reasons.state('Q205', 'the report has no end: it was cut');
    else if (this.#end.interrupted) this.#reasons.state('Q205', 'the examination was interrupted');
  }
}

/** Something that holds files, and couldn't be looked into in full. */
function isLost(line: ReportLine): line is UnreadLine | ImageLine | VolumeLine {
  if (line.type === 'unread') return true;
  if (line.type === 'volume' && line.state === 'unread') return true;
  return (
    (line.type === 'volume' || line.type === 'image') && line.notices.some(({ level }) => level === 'wrong')
  );
}

function provedBytes(accounted: NonNullable<FileLine['accounted']>): number {
  const { checksum, decoder, grammar, structure, padding, contrast } = accounted;
  return checksum + decoder + grammar + structure + padding + contrast;
}
