import type { Modules } from './modules.ts';

/** What `node --cpu-prof` writes, as far as it's used here. Times are in microseconds. */
export interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

export interface SelfTime {
  readonly name: string;
  /** `src/formats/zip/zip.ts`, `engine` for what V8 and Node do in native code. */
  readonly module: string;
  /** The first folder below src. */
  readonly room: string;
  readonly milliseconds: number;
}

/** The time that was spent in each function itself, not in what it calls. */
export function selfTimes({ nodes, samples, timeDeltas }: Profile, modules: Modules): SelfTime[] {
  const spent = new Map<number, number>();
  samples.forEach((id, i) => {
    // The delta stands before its sample: the time since the sample before.
    spent.set(id, (spent.get(id) ?? 0) + (timeDeltas[i + 1] ?? 0));
  });
  return nodes.map(({ id, callFrame: { functionName, url, lineNumber } }) => {
    const module = modules.of(url, lineNumber);
    return {
      name: functionName === '' ? '(anonymous)' : functionName,
      module,
      room: /^src\/([^/]+)/.exec(module)?.[1] ?? module,
      milliseconds: (spent.get(id) ?? 0) / 1000,
    };
  });
}
