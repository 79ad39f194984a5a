// The kernel against the same statistics in C (bench/peers/kernel.c, cc -O3), one thread each, over the same mixed data:
//   node bench/run.mjs kernel [MiB] [rounds]
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { BLOCK, INPUT_SIZE, kernel } from '../../src/kernel/kernel.ts';
import { Statistics } from '../../src/kernel/statistics.ts';
import { limitsFor, sumsOfSquares } from '../../src/kernel/uniform.ts';

const root = process.env.BENCH_ROOT ?? '.';
const [mebibytes = 512, rounds = 7] = process.argv.slice(2).map(Number);
const peers = join(root, 'bench/peers');
const binary = join(peers, 'bin/kernel');
const data = makeMixedData(mebibytes);

mkdirSync(join(peers, 'bin'), { recursive: true });
execFileSync('cc', ['-O3', '-o', binary, join(peers, 'kernel.c'), '-lm']);

const folder = join(root, 'bench/data');
mkdirSync(folder, { recursive: true });
const path = join(folder, `mixed-${mebibytes}.bin`);
writeData(path);

const ratios: Record<string, number[]> = { kernel: [], contrast: [] };
for (let round = 0; round < rounds; round++) {
  const peer = measurePeer();
  const ours = measureKernel();
  const contrast = measureContrast();
  ratios.kernel!.push(peer / ours);
  ratios.contrast!.push(peer / contrast);
  console.log(
    `round ${round + 1}: C ${rate(peer)}, kernel ${rate(ours)} (${(peer / ours).toFixed(2)} ×), contrast ${rate(contrast)}`,
  );
}
for (const [name, values] of Object.entries(ratios)) console.log(`${name} ÷ C: ${spread(values)}`);
console.log(
  `a file of 100 bytes: ${timeSmall(100)}; of 4 KiB: ${timeSmall(BLOCK)}; of 16 KiB: ${timeSmall(4 * BLOCK)}`,
);
rmSync(path);

/** Quarters of text-like, random, record-like (rising counters, zeros) and sample-like bytes, mixed by 64 KiB. */
function makeMixedData(size: number): Uint8Array {
  const bytes = new Uint8Array(size << 20);
  const kinds = [
    (r: number, _i: number) => 32 + (((r & 255) * ((r >>> 8) & 255)) >>> 10),
    (r: number, _i: number) => r & 255,
    (r: number, i: number) => (i % 16 < 4 ? i >> 4 : i % 16 < 6 ? r & 15 : 0),
    (r: number, i: number) => (i % 2 === 0 ? r & 255 : ((i >> 8) ^ (r & 3)) & 31),
  ];
  let state = 0x9e3779b9;
  for (let i = 0; i < bytes.length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[i] = kinds[(i >>> 16) & 3]!(state >>> 3, i);
  }
  return bytes;
}

function writeData(to: string): void {
  const file = openSync(to, 'w');
  for (let at = 0; at < data.length; ) at += writeSync(file, data, at, Math.min(1 << 26, data.length - at));
  closeSync(file);
}

/** The peer's first round warms up caches and pages; the second counts. Seconds. */
function measurePeer(): number {
  const lines = execFileSync(binary, [path, '2'], { stdio: ['ignore', 'pipe', 'ignore'] }).toString();
  return Number(lines.trim().split('\n')[1]);
}

/** Bytes are put into the kernel's window outside of the clock, as reading a file does that. Seconds. */
function measureKernel(): number {
  const { lower, upper } = sumsOfSquares(BLOCK, limitsFor(BLOCK, 1e-6));
  return timeWindows((window) => kernel().measure(window, lower, upper));
}

function measureContrast(): number {
  return timeWindows((window, at) => {
    for (let from = 0; from < window.length; from += BLOCK) {
      kernel().contrastWidth(window.subarray(from, from + BLOCK), at + from);
    }
  });
}

function timeWindows(work: (window: Uint8Array, at: number) => void): number {
  let spent = 0;
  for (let at = 0; at < data.length; at += INPUT_SIZE) {
    kernel().input.set(data.subarray(at, at + INPUT_SIZE));
    const start = performance.now();
    work(kernel().input, at);
    spent += performance.now() - start;
  }
  return spent / 1000;
}

function timeSmall(size: number): string {
  const statistics = new Statistics(size);
  const bytes = data.subarray(0, size);
  const times = 100_000;
  const start = performance.now();
  for (let i = 0; i < times; i++) {
    statistics.reset(size);
    statistics.observe(bytes, 0);
  }
  return `${(((performance.now() - start) / times) * 1000).toFixed(2)} µs`;
}

function rate(seconds: number): string {
  return `${(data.length / seconds / 1e9).toFixed(2)} GB/s`;
}

function spread(values: number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const shown = [sorted[0]!, sorted[sorted.length >> 1]!, sorted.at(-1)!].map((value) => value.toFixed(2));
  return `min ${shown[0]}, median ${shown[1]}, max ${shown[2]} (${values.length} rounds)`;
}
