const HEADER = 1024;
const PAGE = 4096;
const ROW = 24;

/** A data set of SAS, 32 bits wide, little-endian: one page with a subheader, one with rows. */
export function sasFile(rows: number): Buffer {
  const bytes = Buffer.alloc(HEADER + 2 * PAGE);
  Buffer.from('c2ea8160b31411cfbd92080009c7318c181f1011', 'hex').copy(bytes, 12);
  Buffer.from('2222003222010232', 'hex').copy(bytes, 32);
  bytes.write('SAS FILESTONES  ', 84, 'latin1');
  bytes.writeUInt32LE(HEADER, 196);
  bytes.writeUInt32LE(PAGE, 200);
  bytes.writeUInt32LE(2, 204);
  const meta = bytes.subarray(HEADER, HEADER + PAGE);
  meta.writeUInt16LE(1, 18);
  meta.writeUInt16LE(1, 20);
  const subheader = PAGE - 480;
  meta.writeUInt32LE(subheader, 24);
  meta.writeUInt32LE(480, 28);
  meta.fill(0xf7, subheader, subheader + 4);
  meta.writeUInt32LE(ROW, subheader + 20);
  meta.writeUInt32LE(rows, subheader + 24);
  const data = bytes.subarray(HEADER + PAGE);
  data.writeUInt16LE(0x0100, 16);
  data.writeUInt16LE(rows, 18);
  for (let i = 0; i < rows; i++) {
    data.write(`stone ${i * 7}`.padEnd(16), 24 + i * ROW, 'latin1');
    data.writeDoubleLE(i * 1.25, 24 + i * ROW + 16);
  }
  return bytes;
}

/** A SAS transport file of version 5 without variables: cards of 80 characters. */
export function sasXportFile(): Buffer {
  const header = (name: string) =>
    `HEADER RECORD*******${name.padEnd(8)}HEADER RECORD!!!!!!!${'0'.repeat(30)}`.padEnd(80);
  const cards = [
    header('LIBRARY'),
    'SAS     SAS     SASLIB  9.4     LINUX                           25NOV26:09:00:00'.padEnd(80),
    '25NOV26:09:00:00'.padEnd(80),
    header('MEMBER'),
    header('DSCRPTR'),
    'SAS     STONES  SASDATA 9.4     LINUX                           25NOV26:09:00:00'.padEnd(80),
    '25NOV26:09:00:00'.padEnd(80),
    header('NAMESTR'),
    header('OBS'),
  ];
  return Buffer.from(cards.join(''), 'latin1');
}
