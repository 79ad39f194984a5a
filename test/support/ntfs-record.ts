/** Changes a record of an NTFS volume in place; `edit` sees it without fix-ups. */
export function editInPlace(record: Buffer, edit: (record: Buffer) => void): void {
  moveFixups(record, false);
  edit(record);
  moveFixups(record, true);
}

/** The last two bytes of each 512 stand in an array in the header, and one number stands in their places. */
function moveFixups(record: Buffer, isWriting: boolean): void {
  const array = record.readUInt16LE(4);
  for (let i = 1; i <= record.length / 512; i++) {
    const at = 512 * i - 2;
    if (isWriting) {
      record.copy(record, array + 2 * i, at, at + 2);
      record.copy(record, at, array, array + 2);
    } else record.copy(record, at, array + 2 * i, array + 2 * i + 2);
  }
}

/** Offset of an attribute of the type in the record. */
export function attributeAt(record: Buffer, type: number, nth = 0): number {
  let at = record.readUInt16LE(20);
  for (let left = nth; record.readUInt32LE(at) !== 0xffffffff; at += record.readUInt32LE(at + 4)) {
    if (record.readUInt32LE(at) === type && left-- === 0) return at;
  }
  throw new Error(`no attribute ${type} in the record`);
}
