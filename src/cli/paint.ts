import { styleText } from 'node:util';
import type { Paint } from '../report/explanation.ts';

const styles = { good: 'green', bad: 'red', doubtful: 'yellow', faint: 'dim', strong: 'bold' } as const;

/** Colours for a terminal that wants them (no-color.org); plain text for pipes and files. */
export function painterFor(stream: NodeJS.WriteStream): Paint {
  const wanted = stream.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb';
  return wanted ? (text, as) => styleText(styles[as], text) : (text) => text;
}
