import type { FileOptions } from '../examine-file.ts';
import type { Pulse } from '../task.ts';
import { describeImage } from './describe-image.ts';
import { examineEntries, giveUp } from './examine-entries.ts';
import { examineVolume, measureUnused } from './examine-volume.ts';
import { nothingExamined } from './image-lines.ts';
import type { ImageResult, ImageTask } from './image-task.ts';
import { mapDamage } from './map-damage.ts';
import { OpenedImages } from './opened-images.ts';
import { planBatches } from './plan-batches.ts';

/** Of this worker. */
const images = new OpenedImages();

/** Does one thing with an image. Synchronous; whatever the image holds becomes part of the result. */
export function doImageJob(task: ImageTask, pulse: Pulse, options: FileOptions): ImageResult {
  const { image: path, settings, damage, job } = task;
  pulse.begin(0);
  if (job.kind === 'open') return describeImage(images, path, settings, damage, options.beat);
  if (job.kind === 'map damage') return mapDamage(path, job.given, options.beat);
  const opened = images.get(path, settings, damage, options.beat);
  if (job.kind === 'whole volume') return examineVolume(opened.image, job.volume, options);
  if (job.kind === 'space') return measureUnused(opened.image, job.volume, options.beat);
  const volume = opened.volume(job.volume);
  if (volume === null) return nothingExamined();
  switch (job.kind) {
    case 'plan':
      return planBatches(volume, job.from, options);
    case 'files':
      return examineEntries(volume, job, pulse, options);
    case 'give up':
      return giveUp(volume, job, options);
  }
}
