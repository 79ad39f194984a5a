import type { Paint } from '../../report/explanation.ts';
import { percentText, printable } from '../../report/text.ts';
import type { Timeline } from './timeline.ts';

const WIDTH = 40;

/** The snapshots, a row each, with a bar for the share of files that are hit. Lines without line ends. */
export function plot({ snapshots, counts, attack, cleanPoint }: Timeline, paint: Paint): string[] {
  const rows = snapshots.map(({ label, time }, i) => {
    const { files, added, changed, gone, hit, newlyHit } = counts[i]!;
    return [
      printable(label),
      time === null ? '' : new Date(time).toISOString().slice(0, 16).replace('T', ' '),
      ...[files, added, changed, gone, hit, newlyHit].map(String),
      percentText(hit, files),
    ];
  });
  const head = ['snapshot', 'time', 'files', 'new', 'changed', 'gone', 'hit', 'newly', 'share'];
  const cells = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  return cells.map((row, i) => {
    const text = row
      .map((cell, column) => (column < 2 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ');
    if (i === 0) return paint(text, 'faint');
    const { hit, files } = counts[i - 1]!;
    const marks = [
      ...(attack?.snapshot === i - 1 ? ['◀ attack'] : []),
      ...(cleanPoint === i - 1 ? ['◀ last without a hit'] : []),
    ];
    return `${text}  ${paint(bar(hit, files), 'bad')} ${marks.join(' ')}`.trimEnd();
  });
}

const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** In eighths of a character; what isn't nothing is seen. */
function bar(part: number, whole: number): string {
  if (whole === 0 || part === 0) return '';
  const length = Math.max(1, Math.round((part / whole) * WIDTH * 8));
  return '█'.repeat(length >> 3) + eighths[length & 7];
}

/** What was found, in words. */
export function conclusions(timeline: Timeline): string[] {
  const { snapshots, attack, cleanPoint, orderedBy, effort, listings, paths } = timeline;
  const listed = listings.reduce((sum, { files }) => sum + files, 0);
  return [
    `order: ${orderedBy}`,
    `${paths} paths, ${listed} files in ${snapshots.length} snapshots: ${effort.examined} examined, ${effort.hashed} compared by hash`,
    ...(attack === null
      ? ['no file was newly encrypted from one snapshot to the next']
      : [attackText(timeline)]),
    ...(cleanPoint === null || attack === null
      ? []
      : [`the newest snapshot without a hit is ${printable(snapshots[cleanPoint]!.label)}`]),
  ];
}

function attackText({ snapshots, attack, counts }: Timeline): string {
  const { snapshot, by, newlyHit } = attack!;
  const label = printable(snapshots[snapshot]!.label);
  const before = snapshots[snapshot - 1];
  const since = before === undefined ? '' : `, after ${printable(before.label)} was taken`;
  const share = percentText(newlyHit, counts[snapshot]!.files);
  const how = by === 'jump' ? 'the share of hit files jumps' : 'files are newly encrypted, though few';
  return `attack: first seen in ${label}${since}: ${how} (${newlyHit} newly hit, ${share})`;
}
