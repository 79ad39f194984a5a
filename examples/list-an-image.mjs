// What is in a disk image? Lists every file with its size and the place of its first byte on the disk, without mounting.
//   node examples/list-an-image.mjs disk.E01
import { displayText, openImage, placeExtents } from 'unscathed/images';

const [path = 'disk.img'] = process.argv.slice(2);
const image = openImage(path);
console.log(`${image.container.title}: ${image.container.contents.size} bytes`);

for (const { volume, content } of image.volumes) {
  if (content.kind !== 'files') continue;
  console.log(`${volume.name || 'whole disk'}: ${content.fileSystem.title}`);
  for (const entry of content.fileSystem.entries()) {
    if (entry.kind !== 'file' || entry.unreadable !== null) continue;
    const { extents } = placeExtents(image.container, volume, entry.extents(), 1);
    console.log(
      `  ${displayText(entry.path)}, ${entry.size} bytes, from byte ${extents[0]?.disk ?? 'nowhere'}`,
    );
  }
}
image.close();
