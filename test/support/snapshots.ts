import { linkSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { randomBytes } from './random.ts';

const words =
  'the budget of this year was agreed on and next meeting will be about rooms for new people who write letters to us'.split(
    ' ',
  );

/** Text that is proved by its language, another one for each number. */
export function honest(number: number): string {
  let state = number * 2_654_435_761 + 12_345;
  const pick = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return words[(state >> 8) % words.length]!;
  };
  const line = () => `${Array.from({ length: 9 }, pick).join(' ')}.`;
  return `Minutes ${number}\n${Array.from({ length: 20 }, line).join('\n')}\n`;
}

/** What an attack leaves of a file. */
export function hit(): Buffer {
  return randomBytes(2048);
}

/** Files by path; `'='` links to the file of the same path in the snapshot before. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** Makes snapshot folders, a day each, and gives their paths. */
export function makeSnapshots(folder: string, ...snapshots: Files[]): string[] {
  const paths: string[] = [];
  for (const [i, files] of snapshots.entries()) {
    const path = join(folder, `2026-03-${String(i + 1).padStart(2, '0')}`);
    mkdirSync(path, { recursive: true });
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(path, name)), { recursive: true });
      if (content === '=') linkSync(join(paths.at(-1)!, name), join(path, name));
      else writeFileSync(join(path, name), content);
    }
    paths.push(path);
  }
  return paths;
}
