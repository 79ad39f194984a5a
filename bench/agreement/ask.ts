import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FILE, SCRATCH, type Tester, type Word } from './testers.ts';

const LIMIT_MS = 20_000;

export interface Said {
  readonly word: Word;
  /** The first line that it printed, for people. */
  readonly line: string;
}

export function isInstalled({ program }: Tester): boolean {
  return spawnSync('sh', ['-c', 'command -v "$1"', 'sh', program]).status === 0;
}

/** Runs the tester on one file, which it may only read; what it has to write goes to a folder that is deleted. */
export function ask(tester: Tester, path: string): Said {
  const scratch = mkdtempSync(join(tmpdir(), 'agreement-'));
  const input = openSync(tester.fed ? path : '/dev/null', 'r');
  try {
    const run = spawnSync(tester.program, toArguments(tester, path, join(scratch, 'x')), {
      stdio: [input, 'pipe', 'pipe'],
      timeout: LIMIT_MS,
      maxBuffer: 1e9,
      cwd: scratch,
      env: { ...process.env, LC_ALL: 'C' },
    });
    const said = `${run.stderr?.toString('latin1') ?? ''}\n${run.stdout?.toString('latin1') ?? ''}`;
    return { word: readAnswer(tester, run.status, said), line: tellingLine(tester, said) };
  } finally {
    closeSync(input);
    rmSync(scratch, { recursive: true, force: true });
  }
}

function toArguments(tester: Tester, path: string, scratch: string): string[] {
  const placed = tester.arguments.map((argument) => argument.replace(FILE, path).replace(SCRATCH, scratch));
  const isPlaced = tester.fed || tester.arguments.some((argument) => argument.includes(FILE));
  return isPlaced ? placed : [...placed, path];
}

function readAnswer(tester: Tester, status: number | null, said: string): Word {
  if (status === null) return 'silent';
  if (tester.silentOn?.includes(status) || tester.silentWhere?.test(said)) return 'silent';
  if (tester.badWhere?.test(said)) return 'bad';
  return (tester.sound ?? [0]).includes(status) ? 'ok' : 'bad';
}

function tellingLine(tester: Tester, said: string): string {
  const lines = said.split('\n').filter((line) => line.trim() !== '');
  const line = lines.find((candidate) => tester.badWhere?.test(candidate)) ?? lines[0] ?? '';
  return line.trim().slice(0, 160);
}
