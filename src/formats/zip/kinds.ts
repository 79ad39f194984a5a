import type { Archive } from './archive.ts';
import type { Desk } from './entry.ts';

export function verifyKind(_desk: Desk, _archive: Archive): void {}
