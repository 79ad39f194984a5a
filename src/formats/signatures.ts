import type { KnownFormat } from './format.ts';
import { archives } from './signatures/archives.ts';
import { audio } from './signatures/audio.ts';
import { crypto } from './signatures/crypto.ts';
import { databases } from './signatures/databases.ts';
import { disks } from './signatures/disks.ts';
import { documents } from './signatures/documents.ts';
import { fonts } from './signatures/fonts.ts';
import { games } from './signatures/games.ts';
import { images } from './signatures/images.ts';
import { models } from './signatures/models.ts';
import { programs } from './signatures/programs.ts';
import { science } from './signatures/science.ts';
import { systems } from './signatures/systems.ts';
import { video } from './signatures/video.ts';
import { windows } from './signatures/windows.ts';

/**
 * The formats that are known by their magic bytes alone. A format that gets a verifier leaves this table: its id may
 * stand in one of the two only. Among signatures of the same length, the first in this order is the likelier one.
 */
export const signatures: readonly KnownFormat[] = [
  ...documents,
  ...archives,
  ...images,
  ...audio,
  ...video,
  ...databases,
  ...programs,
  ...windows,
  ...crypto,
  ...systems,
  ...disks,
  ...fonts,
  ...models,
  ...science,
  ...games,
];
