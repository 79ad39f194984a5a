import { printable } from '../report/text.ts';
import type { Decision, GateReason } from './decision.ts';

/** The decision in one line for people. */
export function decisionText(decision: Decision): string {
  const { files, reasons } = decision;
  if (decision.decision === 'pass') return `pass: ${passText(files)}`;
  const [first, ...others] = reasons;
  const more = others.length === 0 ? '' : `; and ${others.map(briefText).join('; ')}`;
  return `${decision.decision}: ${first === undefined ? 'nothing was decided' : reasonText(first)}${more}`;
}

/** What is found of one reason: how many files, and the first of them. */
export function reasonText(reason: GateReason): string {
  const first = reason.examples[0];
  if (first === undefined) return reason.text;
  return `${briefText(reason)}: ${printable(first.text)}${reason.files > 1 ? ' …' : ''}`;
}

function briefText({ text, files, examples }: GateReason): string {
  return examples.length === 0 ? text : `${files.toLocaleString('en-US')} ${text}`;
}

function passText({ safe, aside }: Decision['files']): string {
  const count = `${safe.toLocaleString('en-US')} ${safe === 1 ? 'file' : 'files'} may go back`;
  return aside === 0 ? count : `${count}, ${aside.toLocaleString('en-US')} set aside`;
}
