// Formats that do to a worker what no format should. A file chooses one by its first words.
import { appendFileSync, truncateSync } from 'node:fs';

const misdeeds = {
  throws() {
    throw new TypeError('a mistake in a verifier');
  },
  overflows() {
    misdeeds.overflows();
  },
  loops() {
    for (;;);
  },
  allocates() {
    const held = [];
    for (;;) held.push(new Array(1000).fill(held.length));
  },
  exits() {
    process.exit(3);
  },
  shrinks(path, reader) {
    truncateSync(path, 10);
    for (const _ of reader.within(0, reader.size).stream(0, reader.size));
  },
  grows(path) {
    appendFileSync(path, 'more');
  },
};

export const formats = Object.entries(misdeeds).map(([id, misdeed]) => ({
  id: `test-${id}`,
  title: `A format that ${id}`,
  extensions: [],
  signatures: [],
  spec: 'none',
  proof: 'none',
  texture: 'plain',
  recognise: (head) => Buffer.from(head).toString('latin1').startsWith(`hostile ${id} `),
  verify(reader) {
    const path = reader.latin1(0, Math.min(1000, reader.size)).split(/[ \n]/)[2];
    misdeed(path, reader);
  },
}));
