/** What a place gives. */
export interface Place {
  readonly name: string;
  readonly cores: number;
  /** Bytes and files a second that the medium gives at most. */
  readonly bytesPerSecond: number;
  readonly filesPerSecond: number;
}

/** Assumed, not measured: a fast NVMe drive; 10 Gbit/s and 0.3 ms for each of three round trips a file, 32 at a time. */
export const places: readonly Place[] = [
  { name: '32 cores, NVMe', cores: 32, bytesPerSecond: 3e9, filesPerSecond: 400_000 },
  { name: '32 cores, NAS over 10 GbE', cores: 32, bytesPerSecond: 1.1e9, filesPerSecond: 35_000 },
];

const BYTES = 10e12;
const FILES = 50e6;
/** Files in a folder. */
const FULL = 50;
/** What is lost to the one main thread and to memory that all share. */
const YIELD = 0.7;

export function predict(
  { name, cores, bytesPerSecond, filesPerSecond }: Place,
  { perFile, perFolder, perByte }: { perFile: number; perFolder: number; perByte: number },
): readonly string[] {
  const processors = (FILES * perFile + (FILES / FULL) * perFolder + BYTES * perByte) / (cores * YIELD);
  const medium = Math.max(BYTES / bytesPerSecond, FILES / filesPerSecond);
  const hours = (seconds: number) => (seconds / 3600).toFixed(1);
  const bound = processors > medium ? 'processors' : 'medium';
  return [name, hours(processors), hours(medium), hours(Math.max(processors, medium)), bound];
}
